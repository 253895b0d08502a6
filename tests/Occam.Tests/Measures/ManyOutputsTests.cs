using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Jacobians that are too large to be computed without being asked.</summary>
public class ManyOutputsTests
{
    [Fact]
    public void Lanczos_finds_the_largest_singular_values_to_its_residual()
    {
        var network = Perceptron("tanh", 90, 120, 80);
        var data = Gaussian(4, 80, 90);
        var exact = new LocalLipschitz().Measurement(Context(network, data));

        var iterated = new LocalLipschitz().Measurement(Context(network, data, new MeasureOptions { Directions = 4 }));

        Assert.True(exact.Exact);
        Assert.False(iterated.Exact);
        Assert.True(double.IsNaN(iterated.StandardError));
        var residual = iterated.Detail("residual");
        Assert.InRange(residual, 0, 1e-4);
        foreach (var (below, value) in iterated.PerExample.Zip(exact.PerExample))
        {
            Assert.InRange(below, value * (1 - residual - 1e-9), value * (1 + 1e-9));
        }
    }

    [Fact]
    public void Too_many_rows_are_estimated_and_it_is_said()
    {
        var side = MeasureOptions.MostExactRows + 2;
        var network = Bent(Perceptron("relu", side, 3, side));
        var data = Gaussian(6, 2, side);

        var estimated = new GeometricComplexity().Measurement(Context(network, data));
        var exact = new GeometricComplexity().Measurement(Context(network, data, new MeasureOptions { Exact = true }));

        Assert.False(estimated.Exact);
        Assert.Contains(estimated.Notes, note => note.Contains("--exact"));
        Assert.True(exact.Exact);
        Assert.InRange((estimated.Value!.Value - exact.Value!.Value) / estimated.StandardError, -6, 6);

        var stretch = new LocalLipschitz().Measurement(Context(network, data));
        Assert.False(stretch.Exact);
        Assert.InRange(stretch.Value!.Value, 0, Math.Sqrt(exact.PerExample.Max()));
        Assert.Equal(stretch.Detail("maximum"), new LipschitzLower().Measurement(Context(network, data)).Value);
    }

    [Fact]
    public void A_few_features_that_many_outputs_are_made_of_are_few_rows()
    {
        var side = MeasureOptions.MostExactRows + 2;
        var context = Context(Perceptron("relu", side, 3, side), Gaussian(6, 2, side));

        Assert.Equal(3, context.Passes);
        Assert.True(new GeometricComplexity().Measurement(context).Exact);
        Assert.True(new LocalLipschitz().Measurement(context).Exact);
    }

    // With a function of each output at its end, so that these are no affine map of the features.
    private static Network Bent(Network network) => new(
        network.Graph with
        {
            Nodes = network.Graph.Nodes.Add(new Node("bent", "Softplus", "", [network.Output], ["bent"], Attributes.None)),
        },
        "bent");

    [Fact]
    public void Rows_of_a_batch_report_their_progress_and_stop_when_asked()
    {
        var network = Perceptron("relu", 30, 40, 25);
        var shares = new List<double>();
        new GeometricComplexity().Measurement(Context(network, Gaussian(3, 20, 30), new MeasureOptions { Progress = shares.Add }));

        Assert.True(shares.Count >= 25);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 12);

        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new GeometricComplexity().Measurement(Context(
            network, Gaussian(3, 20, 30), new MeasureOptions
            {
                Progress = share =>
                {
                    if (share > 0.3)
                    {
                        stop.Cancel();
                    }
                },
                Cancellation = stop.Token,
            })));
    }
}
