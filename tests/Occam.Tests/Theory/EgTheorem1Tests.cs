using MathNet.Numerics.Statistics;
using Occam.Data;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Both sides of Theorem 1 of Neyshabur et al. 2017, and the constant between them, against plain loops.</summary>
public sealed class EgTheorem1Tests
{
    private const double Delta = 0.05;
    private static readonly PlainChain s_plain = new(Chains.RandomWeights(5, 3, 6, 5, 2));
    private static readonly DataSet s_data = Gaussian(8, 2, 3), s_test = Gaussian(30, 2, 3);

    [Fact]
    public void The_right_side_is_its_formula_at_the_best_sigma()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check(s_test);
        var sigma = result.Detail("sigma");
        var (sharpness, norm) = Right(sigma);
        AssertClose(sharpness, result.Detail("scale.sharpness"), 1e-9);
        AssertClose(norm, result.Detail("scale.norm"), 1e-9);
        AssertClose(sharpness + norm, result.Detail("scale"), 1e-9);
        Assert.All(Enumerable.Range(0, 17), k =>
        {
            var other = Right(Math.Pow(2, -k));
            Assert.True(other.Sharpness + other.Norm >= (sharpness + norm) * (1 - 1e-9), $"σ = 2^−{k}");
        });
    }

    [Fact]
    public void The_left_side_is_what_noise_does_to_the_ramp_loss()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check(s_test);
        var (mu, sigma, random) = (Examples.Min(s_plain.Mu), result.Detail("sigma"), new SeededRandom(3));
        var (seen, unseen) = (new RunningStatistics(), new RunningStatistics());
        for (var draw = 0; draw < 1000; draw++)
        {
            // σ_i√(h_ih_{i−1})/‖W_i‖ = γ_iμ² differs by layer.
            var noisy = s_plain.Weights.Select((W, i) => new PlainChain(W).Noisy(random, Gamma(i + 1, sigma) * mu * mu)[0]).ToArray();
            seen.Push(Loss(noisy, s_data) - Loss(s_plain.Weights, s_data));
            unseen.Push(Loss(noisy, s_test));
        }

        AssertClose(Scale, result.Detail("loss.margin"), 1e-12);
        AssertClose(Loss(s_plain.Weights, s_data), result.Detail("loss"), 1e-12);
        Within(Uncertain.Mean(seen), result.Detail("sharpness"), result.Detail("sharpness.standardError"));
        Within(
            Uncertain.Mean(unseen) - Loss(s_plain.Weights, s_data), result.Detail("excess"), result.Detail("excess.standardError"));

        // An error of a test set's own size stays, however often the noise is drawn.
        Assert.True(result.Detail("excess.standardError") > Math.Sqrt(0.01 / s_test.Count));
    }

    [Fact]
    public void The_constants_are_what_the_right_side_needs_to_reach_the_left()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = Check(s_test);
        AssertClose(
            Math.Max(0, result.Detail("sharpness")) / result.Detail("scale.sharpness"), result.Detail("constant.sharpness"), 1e-12);
        Assert.Equal(0, result.Detail("constant"));
        var inequality = Assert.Single(result.Inequalities);
        Assert.Equal(InequalityVerdict.Vacuous, inequality.Verdict);
        Assert.Contains("the norm's term alone is", inequality.Why);
        AssertClose(result.Detail("excess"), inequality.Left, 1e-12);
        AssertClose(result.Detail("scale"), inequality.Right, 1e-12);
    }

    [Fact]
    public void Where_the_norm_leaves_room_nothing_is_judged_for_the_constant_isn_t_known()
    {
        // One layer of one weight, half of 20,000 labels wrong, and no noise that matters: μ = 1, ‖W‖²/σ_i² = 1/γ².
        using var scope = Libtorch.NewDisposeScope();
        DataSet Signs(int count, int right) => DataSet.FromArrays(
            "signs", [1], [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1.0 : -1.0)],
            [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0) == (i < right) ? 1 : 0)]);
        var result = TheoremCatalogue.Find("eg-theorem-1").Check(new TheoryContext(
            Chains.Of(new double[,] { { 2 } }), Signs(20000, 20000), test: Signs(200, 0))
        { Options = new(Draws: 50) });
        var inequality = Assert.Single(result.Inequalities);
        Assert.Equal(InequalityVerdict.NotApplicable, inequality.Verdict);
        Assert.Contains("O(·)", inequality.Why);
        AssertClose(0, result.Detail("loss"), 1e-12);
        AssertClose(1, result.Detail("excess"), 0.1);

        // C_L‖f‖ = 1 with the ramp's γ = ‖f‖ = 2; C_δ is 0 of one unit, so that γ_1 = σ.
        var sigma = result.Detail("sigma");
        AssertClose(sigma, result.Detail("scale.sharpness"), 1e-9);
        AssertClose(Math.Sqrt(((1 / (sigma * sigma)) + Math.Log(20)) / 20000), result.Detail("scale.norm"), 1e-9);
        AssertClose((result.Detail("excess") - result.Detail("scale.norm")) / sigma, result.Detail("constant"), 1e-9);
    }

    [Fact]
    public void Without_labels_or_unseen_examples_it_says_what_it_needs()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Contains("hasn't seen", Assert.Single(Check(null).Inequalities).Why);
        Assert.True(Check(null).Detail("sharpness.standardError") > 0);
        Assert.Contains("needs class labels", Assert.Single(TheoremCatalogue.Find("eg-theorem-1").Check(
            new TheoryContext(Chains.Of(s_plain.Weights), Points([3], 1, 2, 3))).Inequalities).Why);
    }

    private static double[][] Examples => [.. Measures.Measuring.Examples(s_data).Select(PlainChain.Unit)];

    /// <summary>The median magnitude of the margins.</summary>
    private static double Scale { get; } = Measures.Measuring.Examples(s_data)
        .Select((x, i) => Math.Abs(Margin(s_plain.Outputs(PlainChain.Unit(x)), s_data.Labels![i])))
        .Median();

    private static double Margin(double[] logits, int label) => logits[label] - logits[1 - label];

    private static double Loss(double[][,] weights, DataSet data) => Measures.Measuring.Examples(data).Select((x, i) => Math.Clamp(
        1 - (Margin(PlainChain.PreActivations(weights, PlainChain.Unit(x))[^1], data.Labels![i]) / Scale), 0, 1)).Average();

    private static double Spread(int layer) => (1 + (Delta / 3)) * Math.Sqrt(2 * Math.Log(s_plain.Units(layer)));

    private static double Gamma(int layer, double sigma) => sigma / (Spread(layer) * 3);

    private static (double Sharpness, double Norm) Right(double sigma)
    {
        var (mu, C2, C3) = (Examples.Min(s_plain.Mu), Examples.Max(s_plain.C2), Examples.Max(s_plain.C3));
        double linear = 1, first = 1, second = 1, norm = 0;
        for (var i = 1; i <= 3; i++)
        {
            var gamma = Gamma(i, sigma);
            linear *= 1 + gamma;
            first *= 1 + (gamma * C2 * C3);
            second *= 1 + (gamma * Spread(i) * C2);
            var deviation = gamma * mu * mu * PlainChain.Norm(s_plain.Weights[i - 1])
                / Math.Sqrt(s_plain.Units(i) * s_plain.Units(i - 1));
            norm += Math.Pow(PlainChain.Norm(s_plain.Weights[i - 1]) / deviation, 2);
        }

        var outputs = Examples.Average(x => PlainChain.Norm(s_plain.Outputs(x)));
        return ((linear - 1 + (first * (second - 1))) * Math.Sqrt(2) / Scale * outputs, Math.Sqrt((norm + Math.Log(1 / Delta)) / 8));
    }

    private static void Within(Uncertain expected, double actual, double error) => Assert.InRange(
        Math.Abs(actual - expected.Value), 0, 5 * Math.Sqrt((error * error) + Math.Pow(expected.StandardError, 2)));

    private static TheoremResult Check(DataSet? test) => TheoremCatalogue.Find("eg-theorem-1").Check(
        new TheoryContext(Chains.Of(s_plain.Weights), s_data, test: test) { Options = new(Draws: 200) });
}
