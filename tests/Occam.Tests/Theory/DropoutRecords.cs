using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Trajectories;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Small classifiers with dropout, and records of trainings that may say what a test wants.</summary>
internal static class DropoutRecords
{
    /// <summary>Two hidden layers, of 3 and 2 units, with ½-dropout after each, in float64.</summary>
    public static Network Network(double dropout = 0.5, ulong seed = 29)
    {
        using Generator generator = new(seed);
        return Shaken(Mlp.Build([2, 3, 2, 1], "relu", InitializationScheme.He, generator, dropout: dropout, type: ScalarType.Float64));
    }

    /// <summary>Such a network whose outputs on the data are as far below 0 as above.</summary>
    public static Network Balanced(DataSet data)
    {
        var network = Network();
        var hand = new HandPerceptron(network);
        double[] outputs = [.. Examples(data).Select(x => hand.At(x).Output)];
        var middle = (outputs.Min() + outputs.Max()) / 2;
        return network.With("layer3.bias", network.Constant("layer3.bias")! - middle);
    }

    /// <summary>Points of a grid of 1/8 in [−2, 2]², labelled by a half-plane.</summary>
    public static DataSet Halves(int count, int seed)
    {
        SeededRandom random = new(seed);
        double[] x = [.. Enumerable.Range(0, 2 * count).Select(_ => Math.Round(8 * random.NextDouble(-2, 2)) / 8)];
        return DataSet.FromArrays("halves", [2], x, labels: [.. x.Chunk(2).Select(point => point[0] + point[1] > 0 ? 1 : 0)]);
    }

    public static TrainingSettings Settings { get; } = new()
    {
        Loss = new BinaryCrossEntropy(),
        Optimizer = new Sgd(0.01),
        BatchSize = 1,
        DropoutAfterForward = true,
        Trajectory = true,
    };

    /// <summary>A record of so many steps, the longest of which was φ.</summary>
    public static RecordedRun Record(double phi, long steps, params Network[] snapshots) => new()
    {
        Windows =
        [
            new TrajectoryWindow(0, steps, [phi], phi, 0, 0, [0], 0, 0, 0, 0, 0, 0, 0, 0),
        ],
        Settings = Settings,
        Snapshots = [.. snapshots],
    };

    /// <summary>The check of the last of the snapshots, with a sigmoid.</summary>
    public static TheoryContext Context(RecordedRun run, DataSet data, DataSet? test = null) =>
        new(run.Snapshots[^1], data, FinalActivation.Sigmoid, run, test);

    public static Network With(this Network network, string name, Tensor value) =>
        network.WithInitializers([KeyValuePair.Create(name, value)]);
}
