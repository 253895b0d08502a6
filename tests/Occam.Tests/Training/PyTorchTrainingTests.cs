using Occam.Data;
using Occam.Networks.Loading;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Tests.Training;

/// <summary>Trainings of a network that PyTorch exported, against PyTorch's own, where python3 has torch.</summary>
public sealed class PyTorchTrainingTests
{
    [Fact]
    public void Optimizers_go_where_PyTorchs_go()
    {
        using TemporaryFolder folder = new();
        var missing = PyTorchPeer.Run("training.py", folder.Path);
        Assert.SkipWhen(missing is not null, missing ?? "");
        var start = NetworkLoader.Load(folder.File("start.onnx")).Network!.To(ScalarType.Float64, Device.Cpu);
        var data = DataSource.Open(folder.File("data.npz"), new DataOptions());
        var optimizers = new Dictionary<string, Optimizer>
        {
            ["sgd"] = new Sgd(0.05),
            ["momentum"] = new Sgd(0.05, 0.9, WeightDecay: 0.01),
            ["nesterov"] = new Sgd(0.05, 0.8, Nesterov: true),
            ["adam"] = new Adam(0.01, WeightDecay: 0.02),
            ["adamw"] = new AdamW(0.01, 0.8, 0.99, 1e-6, 0.1),
        };
        foreach (var (name, optimizer) in optimizers)
        {
            using var trainer =
                new Trainer(start, data, new TrainingSettings { Loss = new CrossEntropy(), Optimizer = optimizer, Steps = 5 });
            trainer.Run(TestContext.Current.CancellationToken);
            var trained = trainer.Snapshot();
            var expected = StateArchive.Load(folder.File($"{name}.npz"));
            Assert.Equal(13, expected.Names.Count);
            foreach (var parameter in expected.Names)
            {
                var (theirs, ours) = (expected.Read<double>(parameter), trained.Graph.Initializers[parameter].ToArray<double>());
                var largest = theirs.Zip(ours, (a, b) => Math.Abs(a - b)).Max();

                // The ε and the momentum of batch normalization stand in the file in single precision.
                Assert.True(largest < (parameter.Contains("running") ? 1e-6 : 1e-8), $"{name}, {parameter}: {largest}");
            }
        }
    }
}
