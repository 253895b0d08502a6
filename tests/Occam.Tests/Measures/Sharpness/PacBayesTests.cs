using Occam.Data;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Sharpness;

public sealed class PacBayesTests
{
    [Fact]
    public void The_plotted_divergence_is_the_weights_over_their_deviations()
    {
        double[] all = [0.3, -0.7, 0, 2, 0.4, -0.4];
        var network = Affine(new[,] { { all[0], all[1] }, { all[2], all[3] } }, all[4], all[5]);
        var expected = all.Sum(w => Math.Pow(w / (0.02 * ((10 * Math.Abs(w)) + 1)), 2));
        var result = Measure(new KlDivergence(Alpha: 0.02), new MeasureContext(new Subject(network), null, Seeded));
        AssertClose(expected, result.Value, 1e-12);
    }

    [Fact]
    public void The_Gaussian_divergence_is_its_integral()
    {
        double[] all = [0.3, -0.7, 0, 0.1];
        const double alpha = 0.2;
        var network = Affine(new[,] { { all[0], all[1] } }, all[2]);
        var expected = all[..3].Sum(w =>
        {
            var s = alpha * ((10 * Math.Abs(w)) + 1);
            double LogDensity(double t, double mean, double deviation) => -Math.Pow((t - mean) / deviation, 2) / 2 - Math.Log(deviation);
            return GaussianMean(t => LogDensity(t, w, s) - LogDensity(t, 0, alpha), w, s);
        });
        var result = Measure(new GaussianKl(Alpha: alpha), new MeasureContext(new Subject(network), null, Seeded));
        AssertClose(expected, result.Value, 1e-10);
        AssertClose(expected, result.Detail("norm") + result.Detail("variances"), 1e-10);
        Assert.True(result.Detail("least") < expected);
    }

    [Fact]
    public void The_curve_is_interpolated_where_it_crosses_the_level()
    {
        (double, double)[] points = [(0.001, 1000), (0.01, Math.Exp(5)), (0.09, Math.Exp(3)), (0.5, 1)];
        var (logKl, slope, _) = PacBayesCurve.Interpolate(points, 0.05)!.Value;
        AssertClose(4, logKl, 1e-12);
        AssertClose(-25, slope, 1e-12);
        AssertClose(5, PacBayesCurve.Interpolate(points, 0.01)!.Value.LogKl, 1e-12);
        Assert.Null(PacBayesCurve.Interpolate(points, 0.6));
        Assert.Null(PacBayesCurve.Interpolate(points, 0.0001));

        // Noise at the small end doesn't count: the last crossing does.
        Assert.Equal(Math.Log(2), PacBayesCurve.Interpolate([(0, 9), (0.1, 8), (0.02, 4), (0.05, 2)], 0.05)!.Value.LogKl);
    }

    [Fact]
    public void Of_a_quadratic_loss_the_divergence_at_a_sharpness_is_in_closed_form()
    {
        // Sharpness α² c and KL N/α²: at a sharpness of ε the KL is N c/ε.
        double[] w = [0.6, -0.3], x = [1, 2, -0.5, -1];
        var c = Enumerable.Range(0, 2).Sum(j => Math.Pow((10 * Math.Abs(w[j])) + 1, 2) * ((x[j] * x[j]) + (x[2 + j] * x[2 + j])) / 2);
        var norm = w.Sum(v => Math.Pow(v / ((10 * Math.Abs(v)) + 1), 2));
        var curve = new PacBayesCurve(Grid: [.. Enumerable.Range(0, 30).Select(k => 0.005 * Math.Pow(1.1, k))], Draws: 3000);
        var result = Measure(curve, Quadratic(w), Ones(2, x), Seeded);
        var expected = norm * c / 0.05;
        Assert.InRange(
            result.Value!.Value, expected - (3 * result.StandardError) - (0.002 * expected),
            expected + (3 * result.StandardError) + (0.002 * expected));
        Assert.True(result.StandardError < 0.1 * expected);
        AssertClose(Math.Sqrt(norm / result.Value.Value), result.Detail("alpha"), 1e-12);
    }

    [Fact]
    public void A_curve_that_does_not_reach_the_level_has_no_value_and_says_so()
    {
        var context = Context(Quadratic(0.1, 0.1), Ones(2, 1, 1), Seeded);
        Assert.Contains("0.05", new PacBayesCurve(1e-5, [1e-5], 5).Measurement(context).NotApplicable);
    }

    [Fact]
    public void A_mean_is_bounded_by_the_inverse_of_the_Bernoulli_divergence()
    {
        // Of no errors in n draws: (1 − p)ⁿ = δ.
        AssertClose(1 - Math.Pow(0.05, 1.0 / 200), PacBayes.MeanAtMost(0, 200, 0.05), 1e-9);
        Assert.Equal(1, PacBayes.MeanAtMost(1, 200, 0.05));
        var p = PacBayes.MeanAtMost(0.3, 500, 0.01);
        AssertClose(Math.Log(100) / 500, (0.3 * Math.Log(0.3 / p)) + (0.7 * Math.Log(0.7 / (1 - p))), 1e-8);
        Assert.True(p < 0.3 + Math.Sqrt(Math.Log(100) / 1000));
    }

    [Fact]
    public void The_bound_is_what_eq_5_says_for_the_sigma_it_names()
    {
        var (network, data) = (Perceptron("relu", 4, 6, 2), Gaussian(50, 2, 4));
        var result = Measure(new PacBayesBound(Draws: 50, Delta: 0.1, Grid: [0.01, 0.1]), network, data, Seeded);
        var squared = network.Parameters.Sum(parameter => parameter.Value.ToArray<double>().Sum(w => w * w));
        var kl = squared / (2 * Math.Pow(result.Detail("sigma"), 2));
        AssertClose(kl, result.Detail("kl"), 1e-12);
        var atMost = PacBayes.MeanAtMost(result.Detail("perturbedError"), 50, 0.05 / 13);
        AssertClose(atMost, result.Detail("perturbedError.atMost"), 1e-12);
        AssertClose(atMost + Math.Sqrt((kl + Math.Log(2 * 50 / (0.05 / 13))) / 50), result.Value, 1e-12);
        AssertClose(result.Detail("perturbedError") + Math.Sqrt((kl + Math.Log(10)) / 50), result.Detail("eq6"), 1e-12);
    }

    [Theory]
    [InlineData(20, 30, 1)]
    [InlineData(100, 150, 2)]
    [InlineData(300, 400, 3)]
    public void On_random_labels_without_training_error_it_is_above_the_true_error(int examples, int inputs, long seed)
    {
        // Labels by coin: whatever the network, its true error is one half.
        var random = new SeededRandom(seed);
        var x = Enumerable.Range(0, examples * inputs).Select(_ => random.NextGaussian()).ToArray();
        var labels = Enumerable.Range(0, examples).Select(_ => random.NextInt(2)).ToArray();
        using Generator generator = new((ulong)seed);
        var start = Perceptron("relu", inputs, 20, 1);
        var data = DataSet.FromArrays("coins", [inputs], x, labels);
        using Trainer trainer =
            new(start, data, new TrainingSettings { Loss = new BinaryCrossEntropy(), Optimizer = new Sgd(0.2), Steps = 600 });
        trainer.Run(TestContext.Current.CancellationToken);

        foreach (var scale in new[] { 1, 0.1, 0.01 })
        {
            // Smaller weights have less divergence, and bend the function little: nearer to where a bound could fail.
            var network = Scaled(trainer.Snapshot(), scale);
            var result = Measure(new PacBayesBound(Draws: 60, Grid: [1e-3, 1e-2, 0.1, 1]), network, data, Seeded);
            Assert.Equal(0, result.Detail("trainingError"));
            Assert.True(result.Value > 0.5, $"{result.Value} at scale {scale}");
            Assert.True(result.Detail("magnitudeAware") > 0.5);
        }
    }

    [Fact]
    public void A_bound_below_one_is_possible()
    {
        // Two far apart clusters, plenty of examples, and one direction: nothing could be simpler.
        var random = new SeededRandom(4);
        var labels = Enumerable.Range(0, 4000).Select(_ => random.NextInt(2)).ToArray();
        var data = DataSet.FromArrays("clusters", [1], [.. labels.Select(label => ((2 * label) - 1) * (10 + random.NextDouble()))], labels);
        var result = Measure(new PacBayesBound(Draws: 1000, Grid: [0.01, 0.05]), Affine(new[,] { { 1.0 } }, 0), data, Seeded);
        Assert.InRange(result.Value!.Value, 0, 0.2);
        Assert.InRange(result.Detail("magnitudeAware"), 0, 0.2);
    }

    // With biases scaled as many times as their layer is deep, the function is the same up to its scale.
    private static Network Scaled(Network network, double factor)
    {
        var depth = 0;
        return network.WithInitializers(network.Parameters.Select(parameter =>
        {
            depth += parameter.Value.Dimensions == 2 ? 1 : 0;
            return KeyValuePair.Create(
                parameter.Name,
                (parameter.Value * (parameter.Value.Dimensions == 2 ? factor : Math.Pow(factor, depth))).DetachFromDisposeScope());
        }).ToArray());
    }
}
