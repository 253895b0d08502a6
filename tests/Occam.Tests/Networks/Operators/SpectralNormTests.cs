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
    [InlineData(512, 1200)]
    [InlineData(700, 710)]
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
    public void It_is_found_in_steps_far_fewer_than_rows()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(6);
        for (var turn = 0; turn < 24; turn++)
        {
            var matrix = Tensor.Randn([256, 1024], generator, ScalarType.Float64);
            var gram = matrix.MatMul(matrix.T());
            var expected = gram.EigenvaluesSymmetric().AMax([0]).Item();
            Assert.Equal(expected, LargestEigenvalue.Of(gram, out var steps)!.Value, 1e-13 * expected);
            Assert.InRange(steps, 1, 160);
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
        var matrix = (Q * values).MatMul(Q.T());
        Assert.Equal(3, SpectralNorm.Largest(matrix), 1e-13);
        Assert.Null(LargestEigenvalue.Of(matrix.MatMul(matrix.T())));
    }

    /// <summary>Ends of the Lanczos process: no more directions, none at all, eigenvalues far below rounding, and limits.</summary>
    [Fact]
    public void The_largest_eigenvalue_is_that_of_all_eigenvalues()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        Tensor Gram(Tensor matrix) => matrix.MatMul(matrix.T());
        var thin = Tensor.Randn([40, 3], generator, ScalarType.Float64);
        var wide = Tensor.Randn([90, 200], generator, ScalarType.Float64);
        var found = 0;
        foreach (var matrix in new[]
        {
            Gram(thin), Gram(wide), Gram(wide) * 1e-250, Gram(wide) * 1e250, Tensor.Eye(50, ScalarType.Float64),
            Tensor.Zeros([50, 50], ScalarType.Float64), Gram(wide.Pow(9)),
        })
        {
            var eigenvalues = matrix.EigenvaluesSymmetric().ToArray<double>();
            if (LargestEigenvalue.Of(matrix) is { } largest)
            {
                Assert.Equal(eigenvalues[^1], largest, 1e-13 * eigenvalues[^1]);
                found++;
            }
        }

        Assert.InRange(found, 3, 7);
    }

    [Fact]
    public void A_largest_eigenvalue_is_not_taken_of_what_is_no_number()
    {
        using var scope = Libtorch.NewDisposeScope();
        var matrix = Tensor.Eye(50, ScalarType.Float64);
        matrix.Narrow(0, 7, 1).AddInPlace(Tensor.FromArray([double.NaN], 1, 1));
        Assert.Null(LargestEigenvalue.Of(matrix));
    }
}
