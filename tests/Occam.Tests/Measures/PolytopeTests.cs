using Occam.Data;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class PolytopeTests
{
    [Fact]
    public void Of_an_affine_map_means_over_the_polytope_are_what_one_point_says()
    {
        var network = Affine(new double[,] { { 1, 2, -2, 4, 0 } }, 3);
        var data = Gaussian(30, 2, 5);
        var energy = Measure("mean-dirichlet-energy", network, data);
        AssertClose(12.5, energy.Value, 1e-12);
        AssertClose(12.5, energy.Detail("onChords"), 1e-12);
        AssertClose(12.5, energy.Detail("onData"), 1e-12);
        Assert.False(energy.StandardError > 1e-9);
        var volume = Measure("mean-graph-volume", network, data);
        AssertClose(Math.Sqrt(26), volume.Value, 1e-12);
        AssertClose(13.5, volume.Detail("firstOrder"), 1e-12);
        AssertClose(13.5 - Math.Sqrt(26), volume.Detail("firstOrder.error"), 1e-9);
    }

    [Fact]
    public void Of_a_simplex_of_data_points_they_are_integrals_over_volume()
    {
        // Three points in the plane: the polytope is their triangle, which is sampled uniformly another way.
        var network = Perceptron("tanh", 2, 8, 1);
        var data = Points([2], 0, 0, 2, 0.5, -1, 3);
        var integral = Measure("integrated-dirichlet-energy", network, data);
        var expected = integral.Value!.Value / integral.Detail("volume");
        var mean = Measure("mean-dirichlet-energy", network, data);
        var error = Math.Sqrt(Math.Pow(mean.StandardError, 2) + Math.Pow(integral.StandardError / integral.Detail("volume"), 2));
        Assert.InRange(mean.Value!.Value, expected - (4 * error), expected + (4 * error));
        Assert.Contains("the polytope itself", Assert.Single(mean.Notes));
    }

    [Fact]
    public void The_first_order_approximation_is_never_below()
    {
        var volume = Measure("mean-graph-volume", Perceptron("relu", 20, 16, 1), Gaussian(50, 2, 20));
        Assert.True(volume.Value >= 1);
        Assert.True(volume.Detail("firstOrder") >= volume.Value);
        Assert.True(volume.Detail("firstOrder.error") >= 0);
    }

    [Fact]
    public void A_single_point_is_a_polytope_of_its_own()
    {
        var data = DataSet.FromArrays("one", [3], new[] { 1.0, 2, 3 });
        var network = Perceptron("tanh", 3, 4, 1);
        AssertClose(Value("dirichlet-energy", network, data), Value("mean-dirichlet-energy", network, data), 1e-12);
    }
}
