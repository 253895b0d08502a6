using Occam.Data;
using Occam.Measures;
using Occam.Measures.Posterior;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Posterior;

public sealed class LearningCoefficientTests
{
    [Fact]
    public void Of_a_logistic_regression_it_is_the_integral_over_its_weights()
    {
        var (data, w) = Fitted(60);
        var exact = ByQuadrature(data, w, 60 / Math.Log(60), 2);
        var found = Measure(new LearningCoefficient(Gamma: 2, Leaps: 12), Classifier(w), data);
        Assert.Equal(60 / Math.Log(60), found.Detail("inverseTemperature"), 12);
        Assert.InRange(Math.Abs(found.Value!.Value - exact) / found.StandardError, 0, 4);
        Assert.InRange(found.StandardError / exact, 0, 0.07);

        // By mini-batches that are not all data, nearly so.
        var near = Measure(new LearningCoefficient(Gamma: 2, Batch: 40), Classifier(w), data);
        Assert.InRange(near.Value!.Value / exact, 0.8, 1.25);
        Assert.True(near.Detail("step") > 0);
    }

    [Fact]
    public void The_localization_is_as_wide_as_the_weights_unless_given()
    {
        var (data, w) = Fitted(60);
        var found = Measure(new LearningCoefficient(Chains: 2, Leaps: 8), Classifier(w), data);
        Assert.Equal(3 / w.Sum(one => one * one), found.Detail("gamma"), 6);
        Assert.Equal(3, found.Detail("parameters"));
    }

    [Fact]
    public void Of_few_draws_nothing_is_said()
    {
        var (data, w) = Fitted(60);
        var result = new LearningCoefficient(Chains: 2, Draws: 16).Measurement(Context(Classifier(w), data));
        Assert.Null(result.Value);
        Assert.Contains("chains that don't agree", result.NotApplicable);
    }

    [Fact]
    public void Far_from_a_minimum_there_is_none()
    {
        var (data, w) = Fitted(60);
        var result = new LearningCoefficient(Gamma: 0.1).Measurement(Context(Classifier([-w[0], -w[1], 3]), data));
        Assert.Null(result.Value);
        Assert.Contains("lower losses near by", result.NotApplicable);
    }

    [Fact]
    public void What_it_takes_is_told_before_it_begins()
    {
        var (data, w) = Fitted(60);
        List<(string What, TimeSpan Time)> told = [];
        using CancellationTokenSource stop = new();
        var options = new MeasureOptions
        {
            Cancellation = stop.Token,
            ExpectWork = (what, time) =>
            {
                told.Add((what, time));
                stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(
            () => new LearningCoefficient(Draws: 10_000_000).Measurement(Context(Classifier(w), data, options)));
        Assert.Contains("4 chains of 10000000 draws are up to 990,000,000 gradients", Assert.Single(told).What);
        Assert.True(told[0].Time > TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(1, 100, null)]
    [InlineData(4, 0, null)]
    [InlineData(4, 100, 0.0)]
    public void What_cannot_be_is_refused(int chains, int draws, double? gamma) =>
        Assert.NotNull(new LearningCoefficient(chains, draws, gamma).Problem());

    [Fact]
    public void Draws_that_tell_nothing_of_agreement_give_no_value()
    {
        var (data, w) = Fitted(50);
        Assert.Contains(
            "give at least 16", new LearningCoefficient(Draws: 15).Measurement(Context(Classifier(w), data)).NotApplicable);
    }

    private static Occam.Networks.Network Classifier(double[] w) => Affine(new[,] { { w[0], w[1] } }, w[2]);

    // Two classes that overlap, and the weights of least loss by gradient descent.
    private static (DataSet Data, double[] Weights) Fitted(int count)
    {
        SeededRandom random = new(2);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 2)];
        double[] x = [.. labels.SelectMany(label => new[] { random.NextGaussian() + label, random.NextGaussian() - (label / 2.0) })];
        double[] w = [0, 0, 0];
        for (var step = 0; step < 20_000; step++)
        {
            double[] slope = [0, 0, 0];
            for (var i = 0; i < count; i++)
            {
                var error = (1 / (1 + Math.Exp(-((w[0] * x[2 * i]) + (w[1] * x[(2 * i) + 1]) + w[2])))) - labels[i];
                slope = [slope[0] + (error * x[2 * i]), slope[1] + (error * x[(2 * i) + 1]), slope[2] + error];
            }

            w = [.. w.Zip(slope, (one, d) => one - (d / count))];
        }

        return (DataSet.FromArrays("overlapping", [2], x, labels), w);
    }

    private static double ByQuadrature(DataSet data, double[] w, double t, double gamma)
    {
        double[][] x = [.. Examples(data)];
        double Loss(double a, double b, double c) => x.Select((point, i) =>
        {
            var z = (a * point[0]) + (b * point[1]) + c;
            return (data.Labels![i] == 1 ? 0 : z) + Math.Log(1 + Math.Exp(-z));
        }).Average();
        const int Half = 15;
        const double Width = 4.5;
        var (own, sum, mean) = (Loss(w[0], w[1], w[2]), 0.0, 0.0);
        for (var i = -Half; i <= Half; i++)
        {
            for (var j = -Half; j <= Half; j++)
            {
                for (var k = -Half; k <= Half; k++)
                {
                    double[] v = [Width * i / Half, Width * j / Half, Width * k / Half];
                    var energy = t * (Loss(w[0] + v[0], w[1] + v[1], w[2] + v[2]) - own);
                    var density = Math.Exp(-energy - (gamma / 2 * v.Sum(one => one * one)));
                    (sum, mean) = (sum + density, mean + (density * energy));
                }
            }
        }

        return mean / sum;
    }
}
