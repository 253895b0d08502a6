using Occam.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

public sealed class OperatorNormTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(2, 2, 2)]
    public void A_convolution_has_the_largest_singular_value_of_its_dense_matrix(long stride, long padding, long groups)
    {
        using var scope = Libtorch.NewDisposeScope();
        var weight = Random(1, 4, 4 / groups, 3, 3);
        Tensor Apply(Tensor x) => x.Convolution(weight, null, [stride, stride], [padding, padding], [1, 1], groups);
        var columns = Apply(Tensor.Eye(4 * 36, ScalarType.Float64).Reshape(4 * 36, 4, 6, 6)).Flatten(1);
        AssertNorm(columns.SingularValues().AMax([0]).Item(), OperatorNorm.Of(Apply, [1, 4, 6, 6], ScalarType.Float64), 1e-6);
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(1.0, 0.9999)]
    [InlineData(1.0, 0.99)]
    [InlineData(1.0, 0.5)]
    public void Clustered_singular_values_don_t_mislead_it(double first, double second)
    {
        // 300 values from 0 up to the second, and the first alone above them.
        using var scope = Libtorch.NewDisposeScope();
        const int Size = 300;
        var values = Tensor.FromArray([first, .. Enumerable.Range(1, Size - 1).Select(i => second * i / (Size - 1))], Size);
        for (var seed = 0; seed < 10; seed++)
        {
            var norm = OperatorNorm.Of(x => x * values, [1, Size], ScalarType.Float64, seed);
            AssertNorm(first, norm, 1e-3);
        }
    }

    [Fact]
    public void A_matrix_of_few_columns_is_done_exactly()
    {
        using var scope = Libtorch.NewDisposeScope();
        var matrix = Random(2, 9, 5);
        AssertNorm(matrix.SingularValues().AMax([0]).Item(), OperatorNorm.Of(x => x.MatMul(matrix.T()), [1, 5], ScalarType.Float64), 1e-10);
    }

    [Fact]
    public void The_zero_map_has_norm_zero()
    {
        var norm = OperatorNorm.Of(x => x * 0, [1, 5], ScalarType.Float64);
        Assert.Equal(0, norm.Value);
        Assert.Equal(0, norm.UpperBound);
    }

    [Fact]
    public void In_float32_it_is_good_to_five_digits()
    {
        using var scope = Libtorch.NewDisposeScope();
        var matrix = Random(3, 40, 60);
        var norm = OperatorNorm.Of(x => x.MatMul(matrix.T().To(ScalarType.Float32)), [1, 60], ScalarType.Float32);
        Assert.InRange(norm.Value / matrix.SingularValues().AMax([0]).Item(), 1 - 1e-5, 1 + 1e-5);
    }

    private static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return Tensor.Randn(shape, generator, ScalarType.Float64);
    }

    // The value is the norm from below, the bound from above.
    private static void AssertNorm(double sigma, OperatorNorm norm, double tolerance)
    {
        Assert.InRange(norm.Value, sigma * (1 - tolerance), sigma * (1 + 1e-12));
        Assert.InRange(norm.UpperBound, sigma * (1 - 1e-12), sigma * (1 + (20 * tolerance)));
    }
}
