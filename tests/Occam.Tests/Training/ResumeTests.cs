using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;
using Occam.Training.Schedules;
using Occam.Training.Trajectories;
using Xunit;

namespace Occam.Tests.Training;

public sealed class ResumeTests
{
    public static TheoryData<string, int> Moments => [.. from name in new[] { "dense", "convolutional", "mixed precision", "managed off" }
        from step in new[] { 1, 7, 13, 29 } select new TheoryDataRow<string, int>(name, step)];

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_resumed_training_ends_bit_identical(string name, int step)
    {
        using var folder = new TemporaryFolder();
        using var whole = Make(name);
        whole.Run(TestContext.Current.CancellationToken);

        var path = Path.Combine(folder.Path, "checkpoint.npz");
        using (var first = Make(name))
        {
            first.Begin();
            while (first.Step < step)
            {
                first.TakeStep();
            }

            first.Save().Save(path);
        }

        using var second = Make(name);
        second.Load(StateArchive.Load(path));
        second.Run(TestContext.Current.CancellationToken);

        Assert.Equal(Weights(whole), Weights(second));
        Assert.Equal(whole.Loss, second.Loss);
        Assert.Equal(
            whole.Trajectory?.Windows.Select(window => window.Lengths[0]), second.Trajectory?.Windows.Select(window => window.Lengths[0]));
        var seen = whole.Metrics.Where(metric => metric.Step > step).Select(metric => (metric.Step, metric.Name, metric.Value));
        Assert.Equal(seen, second.Metrics.Select(metric => (metric.Step, metric.Name, metric.Value)));
        Assert.Equal(whole.Best?.Metric.Step, second.Best?.Metric.Step);
        Assert.Equal(Checkpoint(whole), Checkpoint(second));
    }

    private static byte[] Checkpoint(Trainer trainer)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "checkpoint.npz");
        trainer.Save().Save(path);
        return File.ReadAllBytes(path);
    }

    private static byte[] Weights(Trainer trainer)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "network.onnx");
        OnnxWriter.Write(trainer.Snapshot().Graph, path);
        return File.ReadAllBytes(path);
    }

    private static Trainer Make(string name)
    {
        using var generator = new Generator(3);
        if (name is "dense" or "managed off")
        {
            var dense = Mlp.Build([4, 4, 8, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity);
            var waves = TrainingData.Waves(12, 4);
            return new Trainer(dense, waves, new TrainingSettings
            {
                Loss = new HalfSquaredError(),
                Optimizer = new Sgd(0.01),
                BatchSize = 1,
                Replacement = true,
                Epochs = 3,
                Frozen = ["layer1.weight"],
                Trajectory = true,
                ManagedKernel = name == "dense",
            }, [new Evaluation("test", TrainingData.Waves(5, 4, seed: 9), Cadence.EverySteps(5))])
            { KeepBest = "test.loss" };
        }

        var network = new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.He, generator)
            .Convolution("conv", 3, 3, padding: 1)
                .BatchNorm("norm")
                .Activation("relu", "relu")
                .Flatten("flat")
                .Dropout("drop", 0.3)
                .Dense("out", 4)
                .Build();
        return new Trainer(network, TrainingData.Quarters(40), new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Adam(0.01),
            Schedule = new CosineSchedule { WarmUp = 3 },
            BatchSize = 8,
            Steps = 33,
            LabelNoise = new LabelNoise(0.2, Redrawn: true),
            InputNoise = 0.1,
            Augmentation = new Augmentation(Crop: 1, Flip: true),
            MixedPrecision = name == "mixed precision",
        }, [new Evaluation("test", TrainingData.Quarters(10, seed: 5), Cadence.EveryEpochs(1))])
        { KeepBest = "test.accuracy" };
    }
}
