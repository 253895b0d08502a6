using Occam.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class SpectralNormTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 700)]
    [InlineData(700, 3)]
    [InlineData(64, 64)]
    [InlineData(65, 4500)]
    [InlineData(200, 130)]
    [InlineData(130, 2100)]
    public void It_is_the_largest_singular_value(long rows, long columns)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var matrix = Tensor.Randn([rows, columns], generator, type);
            var expected = matrix.To(ScalarType.Float64).SingularValues().ToArray<double>()[0];
            Assert.Equal(expected, SpectralNorm.Largest(matrix), 1e-13 * expected);
            Assert.Equal(expected, SpectralNorm.Largest(matrix.T()), 1e-13 * expected);
        }
    }

    [Fact]
    public void Of_a_matrix_whose_two_largest_values_are_as_good_as_equal_it_keeps_its_digits()
    {
        using var scope = Libtorch.NewDisposeScope();
        var values = Tensor.FromArray([3.0, 3 * (1 - 1e-12), 1, .. Enumerable.Repeat(0.5, 97)], 100);
        using Generator generator = new(2);
        var left = Tensor.Randn([100, 100], generator, ScalarType.Float64);
        var Q = (left + left.T()).EigenSymmetric()[1];
        Assert.Equal(3, SpectralNorm.Largest((Q * values).MatMul(Q.T())), 1e-13);
    }
}
