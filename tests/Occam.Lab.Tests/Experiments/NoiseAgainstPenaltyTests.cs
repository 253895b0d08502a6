using Occam.Data;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

/// <summary>What gor-open-noise rests on, where it can be computed: a line through points.</summary>
public sealed class NoiseAgainstPenaltyTests
{
    private const double Sigma = 0.5;
    private static readonly double[] s_x = [-1, -0.5, 0, 0.5, 1], s_y = [-2, -0.7, 0.3, 1.2, 1.9];

    // Of ½(wx + b − y)² with noise of variance σ² on x the least mean is at w = mean xy/(mean x² + σ²), for the x have the mean 0; of
    // ½(wx + b − y)² + αw² it is at mean xy/(mean x² + 2α).
    private static readonly double s_slope =
        s_x.Zip(s_y, (x, y) => x * y).Average() / (s_x.Average(x => x * x) + (Sigma * Sigma));

    [Fact]
    public void A_line_under_the_penalty_has_the_slope_of_ridge_regression() => Assert.Equal(
        s_slope,
        Slope(settings => settings with { Regularizers = [new GeometricComplexityRegularizer(Sigma * Sigma / 2)] }),
        1e-4);

    [Fact]
    public void A_line_with_noise_on_its_inputs_has_that_slope_on_average() =>
        Assert.Equal(s_slope, Slope(settings => settings with { InputNoise = Sigma }), 0.02);

    // The mean over the second half of the training; each point is there forty times, with noise of its own.
    private static double Slope(Func<TrainingSettings, TrainingSettings> change)
    {
        const int Copies = 40;
        const int Steps = 1000;
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var data = DataSet.FromArrays(
            "line", [1], [.. Enumerable.Repeat(s_x, Copies).SelectMany(x => x)],
            targets: [.. Enumerable.Repeat(s_y, Copies).SelectMany(y => y)]);
        using var trainer = new Trainer(
            Mlp.Build([1, 1], "relu", InitializationScheme.LeCun, generator), data,
            change(new TrainingSettings { Loss = new HalfSquaredError(), Optimizer = new Sgd(0.1), Steps = Steps, Seed = 3 }));
        var slopes = new List<double>();
        for (var step = 1; step <= Steps; step++)
        {
            trainer.TakeStep();
            if (step > Steps / 2 && step % 10 == 0)
            {
                var weight = trainer.Snapshot().Parameters.Single(parameter => parameter.Value.Dimensions == 2);
                slopes.Add(weight.Value.ToArray<float>()[0]);
            }
        }

        return slopes.Average();
    }
}
