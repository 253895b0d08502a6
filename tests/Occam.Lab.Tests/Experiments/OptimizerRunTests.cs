using Occam.Data;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

/// <summary>The trajectory of weights that bth-open-optimizers measures, where it is known.</summary>
public sealed class OptimizerRunTests
{
    // The gradient of wx + b by w is x, whatever was learned. No line goes through these points, so that no step is too small to measure.
    [Fact]
    public void The_way_of_a_linear_networks_weights_is_as_long_as_its_inputs_together()
    {
        const int Steps = 50;
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var data = DataSet.FromArrays("four points", [2], [2f, 0f, 0f, 2f, -2f, 0f, 0f, -2f], targets: [1, 2, 3, -5]);
        var lengths = OptimizerRun.FollowWeights(
            Mlp.Build([2, 1], "relu", InitializationScheme.PyTorch, generator),
            data,
            new TrainingSettings
            {
                Loss = new HalfSquaredError(),
                Optimizer = new Sgd(0.01),
                BatchSize = 1,
                Replacement = true,
                Steps = 1,
                Seed = 3,
            },
            Steps);

        Assert.Equal(2 * Steps, Assert.Single(lengths), 0.01);
    }
}
