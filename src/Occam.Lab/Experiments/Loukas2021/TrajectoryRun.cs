using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;
using Occam.Training.Probes;
using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The observations of one training, window by window of its trajectory.</summary>
/// <param name="Group">What the training has in common with those of other seeds, as <c>ω = 0.5</c>.</param>
/// <param name="Level">The group's complexity.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">The steps at the windows' ends.</param>
/// <param name="TrainingLoss">The mean loss of each window's steps.</param>
/// <param name="TestLoss">The loss on the test data at each window's end.</param>
/// <param name="Layers">The biases' names.</param>
/// <param name="Lengths">For each window the normalized length of every bias' trajectory.</param>
/// <param name="Variance">The mean of ‖b_1 − mean b_1‖² over ten windows at the end, and those before.</param>
/// <param name="Distance">‖b_1 − b_1(0)‖ at each window's end.</param>
/// <param name="Bounds">The sides of the theorems; null where they don't apply.</param>
/// <param name="Network">The trained network.</param>
/// <param name="Diverged">Whether the loss ceased to be a number; then what follows is NaN.</param>
internal sealed record TrajectoryRun(
    string Group,
    double Level,
    int Seed,
    ImmutableArray<long> Steps,
    ImmutableArray<double> TrainingLoss,
    ImmutableArray<double> TestLoss,
    ImmutableArray<string> Layers,
    ImmutableArray<ImmutableArray<double>> Lengths,
    double Variance,
    ImmutableArray<double> Distance,
    TrajectoryBounds? Bounds,
    Network Network,
    bool Diverged) : ISeededRun
{
    private const int LastWindows = 10;

    /// <summary>The trajectory length of b_1 in each window.</summary>
    public ImmutableArray<double> FirstLengths => [.. Lengths.Select(window => window[0])];

    /// <summary>The trajectory length of b_1 from the beginning to each window's end.</summary>
    public ImmutableArray<double> TotalLengths
    {
        get
        {
            var sum = 0.0;
            return [.. FirstLengths.Select(length => sum += length)];
        }
    }

    /// <summary>Trains, and keeps what the figures show.</summary>
    public static TrajectoryRun Train(
        string group, double level, int seed, Network network, DataSet training, DataSet test, TrainingSettings settings, Replica replica)
    {
        var window = settings.TrajectoryWindow;
        var probe = new Evaluation("test", test, window is { } steps ? Cadence.EverySteps(steps) : Cadence.EveryEpochs(1));
        using var trainer = new Trainer(network, training, settings, [probe]);
        var (ends, losses, tests) = (new List<long>(), new List<double>(), new List<double>());
        var (sum, count) = (0.0, 0);
        trainer.Stepped = now =>
        {
            sum += now.Loss;
            count++;
        };
        trainer.Observed = metric =>
        {
            if (metric.Name == "bias-trajectory")
            {
                ends.Add(metric.Step);
                losses.Add(sum / count);
                (sum, count) = (0, 0);
            }
            else if (metric.Name == "test.loss" && metric.Step > 0)
            {
                tests.Add(metric.Value);
            }
        };
        trainer.Begin();
        while (trainer.End == TrainingEnd.None)
        {
            replica.Cancellation.ThrowIfCancellationRequested();
            trainer.TakeStep();
            replica.Report((double)trainer.Step / trainer.Steps);
        }

        var trajectory = trainer.Trajectory!;
        var each = window ?? trainer.StepsPerEpoch;
        var windows = (int)((trainer.Steps + each - 1) / each);
        long[] places = [.. Enumerable.Range(1, windows).Select(i => Math.Min(i * each, trainer.Steps))];
        ImmutableArray<double> missing = [.. trajectory.Names.Select(_ => double.NaN)];
        return new TrajectoryRun(
            group,
            level,
            seed,
            [.. places],
            Padded(losses, windows),
            Padded(tests, windows),
            trajectory.Names,
            [.. Enumerable.Range(0, windows).Select(i => i < ends.Count ? trajectory.Windows[i].Lengths : missing)],
            trainer.End == TrainingEnd.Diverged ? double.NaN : trajectory.Variance(LastWindows),
            [.. Enumerable.Range(0, windows).Select(i => i < ends.Count ? trajectory.Windows[i].Distance : double.NaN)],
            trajectory.NotApplicable is null ? TrajectoryBounds.From(trajectory) : null,
            trainer.Snapshot(),
            trainer.End == TrainingEnd.Diverged);
    }

    private static ImmutableArray<double> Padded(List<double> values, int count) =>
        [.. Enumerable.Range(0, count).Select(i => i < values.Count ? values[i] : double.NaN)];
}
