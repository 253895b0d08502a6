using Occam.Measures;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class EstimatorTests
{
    private const int Seeds = 200;

    [Theory]
    [InlineData(6, 4, 1)]
    [InlineData(6, 4, 2)]
    [InlineData(6, 4, 3)]
    [InlineData(3, 7, 1)]
    [InlineData(3, 7, 2)]
    [InlineData(9, 20, 7)]
    public void Probing_is_unbiased_and_its_standard_error_honest(int inputs, int outputs, int probes)
    {
        var network = Perceptron("tanh", inputs, 10, outputs);
        var data = Gaussian(40, 2, inputs);
        var exact = Value("geometric-complexity", network, data);
        var subject = new Subject(network);
        var estimates = Enumerable.Range(0, Seeds).Select(seed =>
            Measure("geometric-complexity", new MeasureContext(subject, data, new MeasureOptions { Directions = probes, Seed = seed })))
                .ToArray();
        Assert.All(estimates, estimate => Assert.False(estimate.Exact));

        var values = estimates.Select(estimate => estimate.Value!.Value).ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (Seeds - 1) / Seeds);
        Assert.InRange(mean, exact - (3 * error), exact + (3 * error));

        // 95 % for a normal estimate, of which 200 seeds see 95 ± 1.5 %. A single probe's error contains how the
        // examples differ, so it may only be too large.
        var covered = estimates.Count(estimate => Math.Abs(estimate.Value!.Value - exact) <= 2 * estimate.StandardError) / (double)Seeds;
        Assert.InRange(covered, 0.9, probes == 1 ? 1 : 0.99);
    }

    [Theory]
    [InlineData(7, 4, 4)]
    [InlineData(3, 7, 3)]
    [InlineData(12, 30, 40)]
    public void As_many_directions_as_the_narrower_side_has_are_exact_and_cost_no_more(int inputs, int outputs, int probes)
    {
        var (network, data) = (Perceptron("tanh", inputs, 10, outputs), Gaussian(5, 2, inputs));
        var estimate = Measure("geometric-complexity", network, data, new MeasureOptions { Directions = probes });
        Assert.True(estimate.Exact);
        AssertClose(Value("geometric-complexity", network, data), estimate.Value, 1e-14);
    }

    [Fact]
    public void Orthogonal_directions_add_up_to_the_exact_value_and_spread_less_than_independent_ones()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var context = Context(Perceptron("tanh", 14, 20, 10), Gaussian(6, 2, 14));
        var x = context.Examples(0, 6);
        var exact = context.Jacobian.SquaredNorms(x);
        var all = context.Jacobian.SquaredNormEstimates(x, 10, generator);
        for (var i = 0; i < 6; i++)
        {
            AssertClose(exact[i], all.Average(one => one[i]), 1e-12);
        }

        // The variance of a mean of m of n falls as (n − m)/(n − 1)/m: with m = 8, n = 10 to 0.22 of that of independent ones.
        double[] together = [.. Enumerable.Range(0, 300).Select(
            _ => context.Jacobian.SquaredNormEstimates(x, 8, generator).Average(one => one[0]))];
        double[] alone = [.. Enumerable.Range(0, 300).Select(_ => context.Jacobian.SquaredNormEstimate(x, generator)[0])];
        Assert.InRange(Variance(together) / (Variance(alone) / 8), 0.22 * 0.7, 0.22 * 1.4);

        double Variance(double[] values) => values.Sum(value => Math.Pow(value - exact[0], 2)) / values.Length;
    }

    [Fact]
    public void A_seed_gives_the_same_estimate_again_and_another_seed_another()
    {
        var (network, data) = (Perceptron("tanh", 6, 10, 4), Gaussian(5, 2, 6));
        double Estimate(int seed) => Value("geometric-complexity", network, data, new MeasureOptions { Directions = 2, Seed = seed });
        Assert.Equal(Estimate(3), Estimate(3));
        Assert.NotEqual(Estimate(3), Estimate(4));
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(1, 6)]
    public void With_one_output_or_input_a_probe_is_exact(int inputs, int outputs)
    {
        var (network, data) = (Perceptron("tanh", inputs, 10, outputs), Gaussian(5, 2, inputs));
        var estimate = Measure("geometric-complexity", network, data, new MeasureOptions { Directions = 1 });
        Assert.Equal(Value("geometric-complexity", network, data), estimate.Value);
        Assert.Equal(0, estimate.StandardError);
        Assert.True(estimate.Exact);
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var context = Context(network, data);
        var x = context.Examples(0, 5);
        foreach (var (exact, probe) in context.Jacobian.SquaredNorms(x).Zip(context.Jacobian.SquaredNormEstimate(x, generator)))
        {
            AssertClose(exact, probe, 1e-14);
        }
    }
}
