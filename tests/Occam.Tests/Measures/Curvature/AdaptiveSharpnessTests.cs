using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Curvature.DenseCurvature;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Measures.Sharpness.Losses;

namespace Occam.Tests.Measures.Curvature;

public sealed class AdaptiveSharpnessTests
{
    private static readonly double[] s_w = [0.3, -0.7, 0.2], s_x = [1, 2, 0.5, -1, 0.3, 2];

    [Theory]
    [InlineData(2)]
    [InlineData(double.PositiveInfinity)]
    public void Of_a_quadratic_loss_it_comes_near_the_maximum_and_not_above(double p)
    {
        // L(w + δ) − L(w) = wᵀHδ + δᵀHδ/2 with δ = |w| u: the best of many points of the ball's surface.
        const double Rho = 0.5;
        var H = Matrix(3, (i, j) => s_x.Chunk(3).Sum(one => one[i] * one[j]));
        SeededRandom random = new(1);
        double Increase(double[] u)
        {
            double[] d = [.. u.Zip(s_w, (one, w) => one * Math.Abs(w))];
            return Enumerable.Range(0, 3).Sum(i => Enumerable.Range(0, 3).Sum(j => H[i, j] * ((s_w[i] * d[j]) + (d[i] * d[j] / 2))));
        }

        double[] Point()
        {
            double[] u = [.. Enumerable.Range(0, 3).Select(_ => random.NextGaussian())];
            var length = Math.Sqrt(u.Sum(one => one * one));
            return p == 2 ? [.. u.Select(one => Rho * one / length)] : [.. u.Select(one => Rho * Math.Sign(one))];
        }

        var maximum = Enumerable.Range(0, 20000).Max(_ => Increase(Point()));
        var found = Measure(new AdaptiveSharpness(Rho, p, Steps: 60), Quadratic(s_w), Ones(3, s_x));
        Assert.InRange(found.Value!.Value, 0.999 * maximum, 1.001 * maximum);
        Assert.Equal(BoundSide.Lower, found.Quantity!.Value.Side);
        Assert.InRange(found.Detail("length"), 0, Rho + 1e-9);
    }

    [Fact]
    public void Rescaling_a_units_weights_changes_neither()
    {
        var (network, data) = (Perceptron("relu", 4, 6, 3), Gaussian(30, 3, 4));
        var scaled = Rescaled(network, 7);
        foreach (var measure in new Measure[]
        {
            new AdaptiveSharpness(0.3), new AdaptiveSharpness(0.05, double.PositiveInfinity), new AverageAdaptiveSharpness(0.1, Draws: 20),
        })
        {
            AssertClose(Measure(measure, network, data, Seeded).Value!.Value, Measure(measure, scaled, data, Seeded).Value, 1e-7);
        }
    }

    [Fact]
    public void Normalized_logits_may_be_multiplied()
    {
        var (network, data) = (Perceptron("relu", 4, 6, 3), Gaussian(30, 3, 4));
        var louder = Louder(network, 5);
        foreach (var measure in new Measure[]
        {
            new AdaptiveSharpness(0.3, LogitNormalized: true), new AverageAdaptiveSharpness(0.1, true, 20),
        })
        {
            AssertClose(Measure(measure, network, data, Seeded).Value!.Value, Measure(measure, louder, data, Seeded).Value, 1e-7);
        }

        var one = new AdaptiveSharpness(LogitNormalized: true).Measurement(Context(Perceptron("relu", 4, 6, 1), Gaussian(30, 2, 4)));
        Assert.Contains("several logits", one.NotApplicable);
    }

    [Fact]
    public void The_average_of_a_quadratic_loss_is_half_the_weighted_diagonal()
    {
        const double Rho = 0.2;
        var expected = Rho * Rho / 2 * Enumerable.Range(0, 3).Sum(i => s_w[i] * s_w[i] * s_x.Chunk(3).Sum(one => one[i] * one[i]));
        var found = Measure(new AverageAdaptiveSharpness(Rho, Draws: 4000), Quadratic(s_w), Ones(3, s_x), Seeded);
        Assert.InRange(Math.Abs(found.Value!.Value - expected), 0, 4 * found.StandardError);
        Assert.InRange(found.StandardError, 1e-6, 0.1 * expected + 1e-2);
    }

    // The first unit's weights and bias times a factor, what comes out of it divided by it.
    private static Network Rescaled(Network network, double factor)
    {
        var p = network.Parameters;
        double[] first = p[0].Value.ToArray<double>(), bias = p[1].Value.ToArray<double>(), second = p[2].Value.ToArray<double>();
        for (var i = 0; i < 4; i++)
        {
            first[i] *= factor;
        }

        bias[0] *= factor;
        for (var i = 0; i < 3; i++)
        {
            second[6 * i] /= factor;
        }

        return network.WithInitializers(
        [
            new(p[0].Name, Tensor.FromArray(first, 6, 4)), new(p[1].Name, Tensor.FromArray(bias, 6)),
            new(p[2].Name, Tensor.FromArray(second, 3, 6)),
        ]);
    }

    private static Network Louder(Network network, double factor) => network.WithInitializers(
        network.Parameters[2..].Select(p => KeyValuePair.Create(p.Name, p.Value * factor)));
}
