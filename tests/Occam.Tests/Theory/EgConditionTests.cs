using Occam.Theory;
using Occam.Theory.Parts;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Conditions C1 to C3 of Neyshabur et al. 2017 against plain loops over their definitions.</summary>
public sealed class EgConditionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_conditions_are_those_of_whole_matrices_example_by_example(int seed)
    {
        using var scope = Libtorch.NewDisposeScope();
        var plain = new PlainChain(Chains.RandomWeights(seed, 5, 9, 7, 6, 3));
        var data = Gaussian(8, 3, 5);
        double[][] examples = [.. Examples(data).Select(PlainChain.Unit)];
        var result = TheoremCatalogue
            .Find("eg-lemma-1")
            .Check(new TheoryContext(Chains.Of(plain.Weights), data) { Options = new(Draws: 2) });

        AssertClose(examples.Min(plain.Mu), result.Detail("mu"), 1e-10);
        double Least(Func<int, int, int, bool> chosen) =>
            examples.Min(x => plain.Ratios(x).Where(ratio => chosen(ratio.A, ratio.C, ratio.B)).Min(ratio => ratio.Ratio));
        AssertClose(Least((a, c, _) => a < c), result.Detail("mu.stated"), 1e-10);
        AssertClose(Least((a, c, b) => a < c && c < b - 1), result.Detail("mu.middle"), 1e-10);
        AssertClose(Least((a, c, b) => c == a || c == b - 1), result.Detail("mu.boundary"), 1e-10);
        AssertClose(examples.Max(plain.C2), result.Detail("C2"), 1e-10);
        AssertClose(examples.Max(plain.C3), result.Detail("C3"), 1e-10);
    }

    [Fact]
    public void No_share_of_units_is_above_C2_times_delta_and_one_is_as_large()
    {
        using var scope = Libtorch.NewDisposeScope();
        var conditions = At(Chains.RandomWeights(4, 5, 30, 30, 3), [0.1, -0.5, 0.3, 0.7, 0.2]);
        double[] deltas = [.. Enumerable.Range(1, 20000).Select(i => i / 2000.0), .. conditions.Magnitudes.SelectMany(layer => layer)];
        var largest = deltas.Max(delta => Enumerable.Range(0, 2).Max(layer => conditions.Share(layer, delta) / delta));
        AssertClose(conditions.C2, largest, 1e-12);

        // From a δ on, only larger ones count.
        var from = deltas
            .Where(delta => delta >= 0.5)
            .Max(delta => Enumerable.Range(0, 2).Max(layer => conditions.Share(layer, delta) / delta));
        AssertClose(conditions.C2From(0.5), from, 1e-12);
        Assert.True(from < largest);
    }

    [Fact]
    public void A_pre_activation_of_zero_has_no_C2_and_a_layer_that_is_off_no_C3()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal(double.PositiveInfinity, At([new double[,] { { 1, -1 }, { 1, 0 } }, new double[,] { { 1, 1 } }], [0.5, 0.5]).C2);
        var off = At([new double[,] { { -1, -1 }, { -1, 0 } }, new double[,] { { 1, 1 } }], [0.5, 0.5]);
        Assert.Equal(double.PositiveInfinity, off.C3);

        // C1 is 0 ≥ μ · 0 of a product that is zero, and holds with any μ.
        Assert.Equal(1, off.Mu);

        var zero = Points([2], 1, 1);
        var result = TheoremCatalogue.Find("eg-lemma-2").Check(new TheoryContext(
            Chains.Of(new double[,] { { 1, -1 }, { 1, 0 } }, new double[,] { { 1, 1 } }), zero)
        { Options = new(Draws: 2) });
        Assert.Contains(result.Hypotheses, hypothesis => hypothesis.Name.StartsWith("C2") && hypothesis.Holds == false);
        Assert.All(result.Inequalities, inequality => Assert.Contains("a pre-activation is zero", inequality.Why));
        Assert.Contains("a layer is off", TheoremCatalogue.Find("eg-lemma-1").Check(new TheoryContext(
            Chains.Of(new double[,] { { -1, -1 }, { -1, 0 } }, new double[,] { { 1, 1 } }), zero)).Inequalities[0].Why);
    }

    private static InteractionConditions At(double[][,] weights, double[] x)
    {
        var before = PlainChain.PreActivations(weights, x);
        static Tensor Vector(double[] values) => Tensor.FromArray(values, values.Length);
        return InteractionConditions.At(
            [.. weights.Select(W => Tensor.FromArray(W.Cast<double>().ToArray(), W.GetLength(0), W.GetLength(1)))],
            Vector(x), [.. before[..^1].Select(Vector)]);
    }
}
