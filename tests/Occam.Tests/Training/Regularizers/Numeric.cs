using Occam.Networks;
using Occam.Torch;
using Occam.Training;
using Xunit;

namespace Occam.Tests.Training.Regularizers;

/// <summary>Regularizers against finite differences of their values, in float64.</summary>
internal static class Numeric
{
    private const double Step = 1e-4;

    /// <summary>
    /// Holds the directional derivatives along random directions of each parameter tensor to those of the value. Richardson's
    /// extrapolation of central differences, so that the differences err far less than what is asked.
    /// </summary>
    public static void AssertGradient(
        Regularizer regularizer, Network network, Loss loss, Tensor inputs, Tensor targets, bool training, double tolerance = 1e-6)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var directions = new Generator(5);
        string[] names = [.. network.Parameters.Select(parameter => parameter.Name)];
        var penalty = At(network);
        var scale = penalty.GradientNorm;
        Assert.True(scale > 0);
        for (var p = 0; p < names.Length; p++)
        {
            var value = network.Parameters[p].Value;
            var direction = Tensor.Randn(value.Shape, directions, ScalarType.Float64);
            direction = direction / direction.Norm();
            double Moved(double by) => At(network.WithInitializers([KeyValuePair.Create(names[p], value + (direction * by))])).Value;
            double Slope(double step) => (Moved(step) - Moved(-step)) / (2 * step);
            var expected = ((4 * Slope(Step / 2)) - Slope(Step)) / 3;
            var actual = penalty.Gradients[p] is { } gradient ? (gradient * direction).Sum().Item() : 0;
            Assert.True(
                Math.Abs(expected - actual) <= tolerance * Math.Max(scale, Math.Abs(expected)),
                $"{regularizer.Id}, {names[p]}: {actual:R} where differences say {expected:R}, of a gradient of norm {scale:G3}");
        }

        Penalty At(Network moved)
        {
            // The same random numbers wherever it is looked at.
            using var generator = new Generator(3);
            var options = new RunOptions { Training = training, Generator = generator };
            return Penalty.Of(regularizer, moved, names, loss, inputs, targets, options, generator);
        }
    }
}
