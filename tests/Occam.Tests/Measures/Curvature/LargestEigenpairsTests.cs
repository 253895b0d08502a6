using Occam.Measures.Curvature;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Curvature;

/// <summary>None of the largest eigenvalues is missing, however many are equal or close.</summary>
public sealed class LargestEigenpairsTests
{
    private const double Tolerance = 1e-3;

    public static TheoryData<string, double[], int> Tops => new()
    {
        { "two equal", [10, 10, 8, 6], 3 },
        { "two equal below", [10, 8, 8, 6, 5], 4 },
        { "four equal", [7, 7, 7, 7, 3], 4 },
        { "five equal, two of them wanted", [7, 7, 7, 7, 7], 2 },
        { "all that are wanted equal, in pairs", [9, 9, 6, 6, 4, 4, 3, 3], 8 },
        { "a pair apart by a thousandth", [10, 9.99, 8, 6], 3 },
        { "a pair apart by a millionth", [10, 9.99999, 8, 6], 3 },
        { "three within a billionth", [5, 5 - 1e-9, 5 - 2e-9, 2], 4 },
        { "a cluster at the last", [10, 5.004, 5.002, 5, 4.998], 3 },
        { "negative beside", [4, 4, 4, -9, -9], 3 },
        { "of low rank", [3, 3, 3], 5 },
    };

    [Theory]
    [MemberData(nameof(Tops))]
    public void Equal_and_close_eigenvalues_are_found_as_often_as_they_occur(string what, double[] top, int count)
    {
        var missedWithout = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var rest = what == "of low rank" ? 0 : 0.8 * top.Where(value => value > 0).Min();
            var (A, eigenvalues) = Symmetric(90, seed, i => i < top.Length ? top[i] : rest * Math.Pow(0.97, i));
            double[] largest = [.. eigenvalues.OrderDescending().Take(count)];
            using var found = Of(A, count, seed, isChecked: true);
            Assert.True(found.IsChecked, $"{what}, seed {seed}");
            Assert.All(found.Converged, Assert.True);
            for (var i = 0; i < count; i++)
            {
                // Not above, and as near as a residual may be.
                Assert.InRange(found.Values[i], largest[i] - (1.5 * Tolerance * Math.Abs(largest[i])) - 1e-9, largest[i] + 1e-9);
                var v = found.Vectors[i];
                var residual = (A.MatMul(v) - (v * found.Values[i])).Norm().Item();
                Assert.InRange(residual, 0, found.Residuals[i] + 1e-9);
                Assert.Equal(1, v.Norm().Item(), 1e-9);
            }

            using var without = Of(A, count, seed, isChecked: false);
            Assert.False(without.IsChecked);
            missedWithout += Enumerable.Range(0, count).Any(i => without.Values[i] < largest[i] - (0.01 * Math.Abs(largest[i]))) ? 1 : 0;
        }

        // Of equal ones a single start sees one, but for what rounding brings in: so the check is what finds them.
        if (what is "two equal" or "two equal below" or "four equal" or "all that are wanted equal, in pairs" or "negative beside")
        {
            Assert.InRange(missedWithout, 15, 20);
        }
    }

    [Fact]
    public void Many_random_spectra_miss_none()
    {
        for (var seed = 0; seed < 80; seed++)
        {
            using var scope = Libtorch.NewDisposeScope();
            Random random = new(seed);
            double[] some = [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())];
            var (A, eigenvalues) = Symmetric(
                60, seed, i => i < 20 ? some[random.Next(8)] + (random.Next(3) * 1e-5) : -random.NextDouble() * random.NextDouble());
            double[] largest = [.. eigenvalues.OrderDescending().Take(6)];
            using var found = Of(A, 6, seed, isChecked: true);
            Assert.True(found.IsChecked, $"seed {seed}");
            for (var i = 0; i < 6; i++)
            {
                Assert.True(found.Values[i] <= largest[i] + 1e-9, $"seed {seed}");
                Assert.True(found.Values[i] >= largest[i] - (1.5 * Tolerance * Math.Abs(largest[i])) - 1e-9, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void In_single_precision_and_with_restarts_none_is_missing()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var (A, eigenvalues) = Symmetric(200, seed, i => i < 3 ? 10 : i < 5 ? 8 : 7 * Math.Pow(0.99, i));
            A = A.To(ScalarType.Float32);
            using Generator generator = new((ulong)seed);
            using var found = LargestEigenpairs.Of(A.MatMul, Tensor.Zeros([200]), 5, 2000, 14, Tolerance, generator, isChecked: true);
            Assert.True(found.IsChecked, $"seed {seed}");
            Assert.Equal([10.0, 10, 10, 8, 8], found.Values.Select(value => Math.Round(value, 2)));
        }
    }

    [Fact]
    public void Where_the_products_end_before_the_check_it_is_not_said_to_be_made()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (A, _) = Symmetric(90, 1, i => i < 2 ? 10 : 5 * Math.Pow(0.9, i));
        using var whole = Of(A, 2, 1, isChecked: true);
        Assert.InRange(whole.ChecksProducts, 1, whole.Products - 1);
        using Generator generator = new(1);
        using var cut = LargestEigenpairs.Of(
            A.MatMul, Tensor.Zeros([90], ScalarType.Float64), 2, whole.Products - whole.ChecksProducts, 24, Tolerance, generator, true);
        Assert.False(cut.IsChecked);
        Assert.Equal(whole.Products - whole.ChecksProducts, cut.Products);
    }

    private static LargestEigenpairs Of(Tensor A, int count, int seed, bool isChecked)
    {
        using Generator generator = new((ulong)seed);
        return LargestEigenpairs.Of(
            A.MatMul, Tensor.Zeros([A.Size(0)], ScalarType.Float64), count, 2000, (2 * count) + 20, Tolerance, generator, isChecked);
    }

    private static (Tensor A, double[] Eigenvalues) Symmetric(int size, int seed, Func<int, double> eigenvalue)
    {
        using Generator generator = new((ulong)(1000 + seed));
        var Q = Tensor.Randn([size, size], generator, ScalarType.Float64).OrthogonalAndTriangular().Q;
        double[] eigenvalues = [.. Enumerable.Range(0, size).Select(eigenvalue)];
        return ((Q * Tensor.FromArray(eigenvalues, size)).MatMul(Q.T()), eigenvalues);
    }
}
