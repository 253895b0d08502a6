using MathNet.Numerics.LinearAlgebra;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Tests.Networks;
using Xunit;
using TemporaryFolder = Occam.Tests.Networks.TemporaryFolder;

namespace Occam.Tests.Measures.Weights;

public sealed class WeightComparisonTests : IDisposable
{
    private const double Digits = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Norms_spectra_and_ranks_are_those_of_another_library()
    {
        var (a, b) = (Normal(1, 30 * 40), Normal(2, 30 * 40));
        var found = Compare([("w", [30, 5, 8], a)], [("w", [30, 5, 8], b)]);

        var change = Assert.Single(found.Changes);
        var (A, B) = (Matrix(a, 30), Matrix(b, 30));
        double[] Squares(Matrix<double> m) => [.. m.Svd(computeVectors: false).S.Select(s => s * s)];
        Assert.All(Squares(A).Zip(change.A), pair => AssertClose(pair.First, pair.Second));
        Assert.All(Squares(B).Zip(change.B), pair => AssertClose(pair.First, pair.Second));
        Assert.All(Squares(B - A).Zip(change.Update), pair => AssertClose(pair.First, pair.Second));
        var s = (B - A).Svd(computeVectors: false).S;
        AssertClose(A.FrobeniusNorm(), change.Norm);
        AssertClose(B.FrobeniusNorm(), change.NormOfB);
        AssertClose((B - A).FrobeniusNorm(), change.Distance);
        AssertClose((B - A).FrobeniusNorm() / A.FrobeniusNorm(), change.Relative);
        AssertClose(s[0], change.Spectral);
        AssertClose(s.Sum(one => one * one) / (s[0] * s[0]), change.StableRank);
        AssertClose(Math.Exp(-s.Sum(one => one / s.Sum() * Math.Log(one / s.Sum()))), change.EffectiveRank);
    }

    [Fact]
    public void An_update_of_r_equal_singular_values_has_both_ranks_r()
    {
        // Ones on r places of the diagonal, as an adapter of rank r that moves each direction alike.
        var a = Normal(3, 12 * 20);
        float[] b = [.. a];
        foreach (var i in new[] { 1, 4, 9 })
        {
            b[(20 * i) + i] += 2;
        }

        var change = Assert.Single(Compare([("w", [12, 20], a)], [("w", [12, 20], b)]).Changes);

        AssertClose(3, change.StableRank);
        AssertClose(3, change.EffectiveRank);
        AssertClose(2, change.Spectral);
        AssertClose(Math.Sqrt(12), change.Distance);
    }

    [Fact]
    public void What_did_not_change_has_an_update_of_rank_zero_and_vectors_count_in_the_distance()
    {
        var w = Normal(4, 6);
        var found = Compare([("b", [2], [1, 2]), ("w", [2, 3], w)], [("b", [2], [1, 5]), ("w", [2, 3], w)]);

        var change = Assert.Single(found.Changes);
        Assert.Equal((0, 0, 0), (change.Distance, change.StableRank, change.EffectiveRank));
        Assert.Equal(3, found.Distance, 12);
        AssertClose(Math.Sqrt(5 + w.Sum(one => (double)one * one)), found.Norm);
        Assert.Equal(8, found.Compared);
    }

    [Fact]
    public void Tensors_without_a_partner_are_named_and_files_without_any_refused()
    {
        var found = Compare(
            [("alone", [1, 2], [1, 2]), ("both", [1, 1], [1]), ("other", [2, 1], [1, 2])],
            [("both", [1, 1], [2]), ("new", [1, 1], [1]), ("other", [1, 2], [1, 2])]);

        Assert.Equal(
            [("alone", "is in A alone"), ("other", "is 2×1 in A and 1×2 in B"), ("new", "is in B alone")],
            found.Unpaired.Select(left => (left.Node, left.Why)));
        Assert.Equal(["both"], found.Changes.Select(change => change.Name));
        Assert.Contains(
            "give weights of one architecture",
            Assert.Throws<OccamException>(() => Compare([("a", [1], [1])], [("b", [1], [1])])).Message);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused() => Assert.Contains(
        "'w' holds a number that isn't finite",
        Assert.Throws<OccamException>(() => Compare([("w", [1, 1], [1])], [("w", [1, 1], [float.NaN])])).Message);

    [Fact]
    public void A_fit_without_a_grade_says_why()
    {
        var change = Assert.Single(Compare([("w", [4, 4], Normal(5, 16))], [("w", [4, 4], Normal(6, 16))]).Changes);

        Assert.Contains("4 eigenvalues above 0", change.FitOfA.Why);
    }

    private WeightComparison Compare(
        (string Name, long[] Shape, float[] Numbers)[] a, (string Name, long[] Shape, float[] Numbers)[] b)
    {
        File.WriteAllBytes(_folder.File("a.safetensors"), SafetensorsBytes.Of(a));
        File.WriteAllBytes(_folder.File("b.safetensors"), SafetensorsBytes.Of(b));
        return WeightComparison.Of(_folder.File("a.safetensors"), _folder.File("b.safetensors"), new MeasureOptions());
    }

    private static float[] Normal(int seed, int count)
    {
        SeededRandom random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }

    private static Matrix<double> Matrix(float[] numbers, int rows) => Matrix<double>.Build.Dense(
        rows, numbers.Length / rows, (i, j) => numbers[(i * (numbers.Length / rows)) + j]);

    private static void AssertClose(double expected, double found) =>
        Assert.Equal(expected, found, Digits * Math.Max(1, Math.Abs(expected)));
}
