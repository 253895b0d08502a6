using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Trajectories;
using Xunit;

namespace Occam.Tests.Training;

public sealed class TrajectoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_an_identity_as_first_weights_the_bounds_of_Theorem_1_are_equalities(bool managed)
    {
        using var trainer = Train(FirstLayer.Identity, managed, new HalfSquaredError());

        Assert.Null(trainer.Trajectory!.NotApplicable);
        Assert.Equal(3, trainer.Trajectory!.Windows.Count);
        foreach (var window in trainer.Trajectory!.Windows)
        {
            Assert.Equal(window.Lower, window.Lengths[0], window.Lower * 1e-5);
            Assert.Equal(window.Upper, window.Lengths[0], window.Upper * 1e-5);
            Assert.True(window.Disagreement < 1e-3, $"{window.Disagreement}");
        }
    }

    [Fact]
    public void The_bounds_hold_where_the_first_weights_are_frozen()
    {
        using var trainer = Train(FirstLayer.Dense, true, new HalfSquaredError());

        foreach (var window in trainer.Trajectory!.Windows)
        {
            Assert.True(window.Lower <= window.Lengths[0]
                && window.Lengths[0] <= window.Upper, $"{window.Lower} ≤ {window.Lengths[0]} ≤ {window.Upper}");
        }
    }

    [Fact]
    public void Variance_over_windows_is_that_over_all_their_steps()
    {
        using var trainer = Train(FirstLayer.Identity, true, new HalfSquaredError());
        using var single = Train(FirstLayer.Identity, true, new HalfSquaredError(), window: 36);

        Assert.Equal(single.Trajectory!.Windows.Single().Variance, trainer.Trajectory!.Variance(3), 1e-12);
        Assert.Equal(single.Trajectory!.Windows.Single().Distance, trainer.Trajectory!.Windows[^1].Distance, 1e-12);
    }

    [Fact]
    public void A_momentum_makes_the_bounds_not_applicable()
    {
        using var generator = new Generator(3);
        var network = Mlp.Build([4, 4, 8, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity);
        using var trainer =
            new Trainer(network, TrainingData.Waves(12, 4), Settings(new HalfSquaredError(), true) with { Optimizer = new Sgd(0.01, 0.9) });
        trainer.Run(TestContext.Current.CancellationToken);

        Assert.Contains("plain SGD", trainer.Trajectory!.NotApplicable, StringComparison.Ordinal);
        Assert.All(trainer.Trajectory!.Windows, window => Assert.True(window.Lengths[0] > 0 && double.IsNaN(window.Lower)));
    }

    private static Trainer Train(FirstLayer first, bool managed, Loss loss, long? window = null)
    {
        using var generator = new Generator(3);
        long[] sizes = first == FirstLayer.Identity ? [4, 4, 8, 1] : [4, 3, 8, 1];
        var network = Mlp.Build(sizes, "relu", InitializationScheme.PyTorch, generator, firstLayer: first);
        var trainer = new Trainer(network, TrainingData.Waves(12, 4), Settings(loss, managed) with { TrajectoryWindow = window });
        trainer.Run(TestContext.Current.CancellationToken);
        return trainer;
    }

    private static TrainingSettings Settings(Loss loss, bool managed) => new()
    {
        Loss = loss,
        Optimizer = new Sgd(0.05),
        BatchSize = 1,
        Replacement = true,
        Epochs = 3,
        Frozen = ["layer1.weight"],
        Trajectory = true,
        ManagedKernel = managed,
    };
}
