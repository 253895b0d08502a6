using Occam.Data;
using Occam.Networks;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

public sealed class EgTheoremTests
{
    private static readonly TheoryOptions s_options = new(Draws: 100);

    [Fact]
    public void C1_to_C3_are_their_definitions()
    {
        double[,] first = { { 1, -2, 0.5 }, { 0.3, 0.7, 1 } }, second = { { 1, -1 } };
        double[] x = [0.6, 0, 0.8];
        var result = Check("eg-theorem-1", Chains.Of(first, second), Points([3], x));

        // D_1 keeps both units: z = (1, 0.98). By hand, over a ≤ c < b: the triples (0,0,1), (0,0,2), (0,1,2), (1,1,2).
        double Norm(params double[] values) => Math.Sqrt(values.Sum(value => value * value));
        double[] z = [1, 0.98];
        var W1 = Norm([.. first.Cast<double>()]);
        var W21 = Norm(1 - 0.3, -2 - 0.7, 0.5 - 1);
        var f = Math.Abs(z[0] - z[1]);
        double[] ratios =
        [
            Math.Sqrt(3) * Norm(z) / (W1 * 1), Math.Sqrt(3) * f / (W21 * 1), Math.Sqrt(2) * f / (Math.Sqrt(2) * Norm(z)),
            Math.Sqrt(2) * W21 / (Math.Sqrt(2) * W1),
        ];
        AssertClose(ratios.Min(), result.Detail("mu"), 1e-12);
        AssertClose(ratios.Min(), result.Detail("mu.boundary"), 1e-12);
        AssertClose(1 / ratios.Min(), result.Detail("conditionNumber"), 1e-12);

        // One pre-activation is within 0.98 of zero, both are within 1.
        AssertClose(1, result.Detail("C2"), 1e-12);
        AssertClose(Math.Sqrt(2 * (1 + 4 + 0.25)) / W1, result.Detail("C3"), 1e-12);
    }

    [Fact]
    public void One_layer_of_noise_has_the_mean_of_a_chi_variable()
    {
        // E‖νx‖ = σ E χ_h for a unit x; for one output σ√(2/π), against σ√(h_1h_0)‖Wx‖/(μ²‖W‖).
        double[,] W = { { 3, -1 } };
        double[] x = [0.8, 0.6];
        var result = Check("eg-lemma-1", Chains.Of(W), Points([2], x));
        var mu = Math.Min(1, Math.Sqrt(2) * 1.8 / Math.Sqrt(10));
        Assert.Equal(3, result.Inequalities.Length);
        foreach (var (inequality, size) in result.Inequalities.Zip([1e-3, 1e-2, 1e-1]))
        {
            var sigma = size * Math.Sqrt(10) / Math.Sqrt(2);
            var expected = sigma * Math.Sqrt(2 / Math.PI);

            // The deviation of |N| is √(1 − 2/π), over 100 draws.
            Assert.InRange(inequality.Left, expected - (3 * sigma * 0.0603), expected + (3 * sigma * 0.0603));
            AssertClose(sigma * Math.Sqrt(2) * 1.8 / (mu * mu * Math.Sqrt(10)), inequality.Right, 1e-9);
            Assert.Equal(InequalityVerdict.Holds, inequality.Verdict);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lemma_1_holds_for_random_networks(ulong seed)
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check("eg-lemma-1", Chains.Random(seed, 6, 20, 15, 10, 4), Gaussian(10, 4, 6));
        Assert.All(result.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        Assert.True(result.Inequalities[0].Left < result.Inequalities[2].Left);
    }

    [Fact]
    public void With_biases_the_conditions_are_measured_and_nothing_is_stated()
    {
        foreach (var id in new[] { "eg-lemma-1", "eg-lemma-2", "eg-theorem-1", "eg-expected-sharpness" })
        {
            var result = Check(id, Perceptron("relu", 6, 9, 4), Gaussian(10, 4, 6));
            Assert.All(result.Inequalities, inequality => Assert.Contains("biases", inequality.Why));
            Assert.True(result.Detail("mu") > 0);
        }

        Assert.Contains("ReLU", Check("eg-lemma-1", Perceptron("tanh", 6, 9, 4), Gaussian(10, 4, 6)).NotApplicable);
        Assert.Contains("MaxPool", Check("eg-lemma-1", Cnn(), Gaussian(4, 3, 2, 8, 8)).NotApplicable);
    }

    [Fact]
    public void The_PAC_Bayes_bound_is_above_the_error_on_examples_not_seen()
    {
        var random = new SeededRandom(4);
        DataSet Clusters(int count)
        {
            var labels = Enumerable.Range(0, count).Select(_ => random.NextInt(2)).ToArray();
            return DataSet.FromArrays(
                "clusters", [1],
                [.. labels.Select(label => ((2 * label) - 1.0) * (random.NextInt(20) == 0 ? -1 : 1) * (10 + random.NextDouble()))], labels);
        }

        var network = Affine(new[,] { { 1.0 } }, 0);
        var options = new TheoryOptions(Draws: 400);
        var seen = TheoremCatalogue
            .Find("eg-equation-6")
            .Check(new TheoryContext(network, Clusters(4000), test: Clusters(1000)) { Options = options });
        var inequality = Assert.Single(seen.Inequalities);
        Assert.Equal(InequalityVerdict.Holds, inequality.Verdict);
        Assert.InRange(inequality.Left, 0.02, 0.1);
        Assert.InRange(inequality.Right, inequality.Left, 0.4);
        Assert.Contains("hasn't seen", TheoremCatalogue.Find("eg-equation-6").Check(
            new TheoryContext(network, Clusters(400)) { Options = options }).Inequalities[0].Why);
    }

    private static TheoremResult Check(string id, Network network, DataSet data) =>
        TheoremCatalogue.Find(id).Check(new TheoryContext(network, data) { Options = s_options });
}
