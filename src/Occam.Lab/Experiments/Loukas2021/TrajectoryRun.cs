using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Theory.Parts;
using Occam.Training;
using Occam.Training.Probes;
using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The observations of one training, window by window of its trajectory.</summary>
/// <param name="Group">What the training has in common with those of other seeds, as <c>ω = 0.5</c>.</param>
/// <param name="Level">The group's complexity.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="ConstantLoss">The least loss that a constant output has on the training data: what there is to learn.</param>
/// <param name="Steps">The steps at the windows' ends.</param>
/// <param name="TrainingLoss">The mean loss of each window's steps; NaN from where the training diverged on, as all that follows.</param>
/// <param name="TestLoss">The loss on the test data at each window's end.</param>
/// <param name="Lengths">For each window the normalized length of every bias' trajectory, from the first layer on.</param>
/// <param name="Variance">The mean of ‖b_1 − mean b_1‖² over ten windows at the end.</param>
/// <param name="Distance">‖b_1 − b_1(0)‖ at each window's end.</param>
/// <param name="Bounds">The sides of the theorems; null where they don't apply.</param>
internal sealed record TrajectoryRun(
    string Group,
    double Level,
    int Seed,
    double ConstantLoss,
    ImmutableArray<long> Steps,
    ImmutableArray<double> TrainingLoss,
    ImmutableArray<double> TestLoss,
    ImmutableArray<ImmutableArray<double>> Lengths,
    double Variance,
    ImmutableArray<double> Distance,
    TrajectoryBounds? Bounds) : ISeededRun
{
    private const int Tenth = 10;
    private const int LastWindows = 10;

    /// <summary>How many layers have a bias.</summary>
    public int Layers => Lengths[0].Length;

    /// <summary>The trajectory length of b_1 in each window.</summary>
    public ImmutableArray<double> FirstLengths => LengthsOf(0);

    /// <summary>The mean training loss over the last tenth of the training.</summary>
    public double EndTrainingLoss => End(TrainingLoss);

    /// <summary>The mean test loss over the last tenth of the training.</summary>
    public double EndTestLoss => End(TestLoss);

    /// <summary>The mean trajectory length of b_1 in a window over the last tenth of the training.</summary>
    public double EndLength => EndLengthOf(0);

    /// <summary>The trajectory length of b_1 over the whole training.</summary>
    public double TotalLength => FirstLengths.Sum();

    /// <summary>The mean of ‖b_1 − b_1(0)‖ over the last ten windows.</summary>
    public double EndDistance => Distance.TakeLast(LastWindows).Average();

    /// <summary>The trajectory length of b_1 from the beginning to each window's end.</summary>
    public ImmutableArray<double> TotalLengths
    {
        get
        {
            var sum = 0.0;
            return [.. FirstLengths.Select(length => sum += length)];
        }
    }

    /// <summary>The trajectory length of a layer's bias in each window; the first layer is 0.</summary>
    public ImmutableArray<double> LengthsOf(int layer) => [.. Lengths.Select(window => window[layer])];

    /// <summary>Its mean in a window over the last tenth of the training.</summary>
    public double EndLengthOf(int layer) => End(LengthsOf(layer));

    /// <summary>Trains, and keeps what the figures show.</summary>
    internal static TrajectoryRun Train(
        string group, double level, int seed, Network network, DataSet training, DataSet test, TrainingSettings settings,
        Replica replica) =>
        Train(group, level, seed, network, training, test, settings, replica, out _);

    /// <summary>Trains, and keeps what the figures show.</summary>
    internal static TrajectoryRun Train(
        string group, double level, int seed, Network network, DataSet training, DataSet test, TrainingSettings settings, Replica replica,
        out Network trained)
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
        trained = trainer.Snapshot();
        return new TrajectoryRun(
            group,
            level,
            seed,
            TrainingFit.ConstantLoss(training),
            [.. places],
            Padded(losses, windows),
            Padded(tests, windows),
            [.. Enumerable.Range(0, windows).Select(i => i < ends.Count ? trajectory.Windows[i].Lengths : missing)],
            trainer.End == TrainingEnd.Diverged ? double.NaN : trajectory.Variance(LastWindows),
            [.. Enumerable.Range(0, windows).Select(i => i < ends.Count ? trajectory.Windows[i].Distance : double.NaN)],
            trajectory.NotApplicable is null && trajectory.Windows.Count > 0
                ? TrajectoryBounds.From(trajectory, DataSpan.Of(network, training))
                : null);
    }

    private static double End(ImmutableArray<double> values) => values.TakeLast(Math.Max(1, values.Length / Tenth)).Average();

    private static ImmutableArray<double> Padded(List<double> values, int count) =>
        [.. Enumerable.Range(0, count).Select(i => i < values.Count ? values[i] : double.NaN)];
}
