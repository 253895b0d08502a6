using System.Collections.Immutable;
using Occam.Networks;
using Occam.Training;
using Occam.Training.Trajectories;

namespace Occam.Theory;

/// <summary>A training that was recorded: what the theorems on trajectories need to know of it.</summary>
public sealed record RecordedRun
{
    /// <summary>The trajectory of the biases, window by window, in order from the first step.</summary>
    public required ImmutableArray<TrajectoryWindow> Windows { get; init; }

    /// <summary>The settings that it was trained with.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>
    /// Why Theorem 1's sides don't apply to the trajectory (momentum, batches, a first layer that moves); null where they do.
    /// </summary>
    public string? BoundsNotApplicable { get; init; }

    /// <summary>
    /// Networks from within the interval T of Assumption 1, such as those of the last epochs, in order; the last one is the network under
    /// test.
    /// </summary>
    public ImmutableArray<Network> Snapshots { get; init; } = [];

    /// <summary>The record of a trainer that followed the trajectory.</summary>
    /// <param name="trainer">The trainer, at the end of its run.</param>
    /// <param name="snapshots">Networks of its last steps, for Assumption 1.</param>
    /// <exception cref="OccamException">It didn't follow the trajectory.</exception>
    public static RecordedRun Of(Trainer trainer, IEnumerable<Network>? snapshots = null) =>
        trainer.Trajectory is { } trajectory
            ? new RecordedRun
            {
                Windows = [.. trajectory.Windows],
                Settings = trainer.Settings,
                BoundsNotApplicable = trajectory.NotApplicable,
                Snapshots = [.. snapshots ?? []],
            }
            : throw new OccamException(
                "the training didn't follow the trajectory of its biases: set Trajectory to true, and see that the network has biases");

    /// <summary>
    /// Trains to the end, and records it with networks from its <see cref="Last"/> windows, evenly from the first of their steps to the
    /// end: what Assumption 1 is measured on. A training that stops before its time is recorded without them.
    /// </summary>
    /// <param name="trainer">The trainer, before its first step.</param>
    /// <param name="snapshots">How many networks, at least 2.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OccamException">The trainer doesn't follow the trajectory.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RecordedRun Record(Trainer trainer, int snapshots = 10, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshots, 2);
        var window = trainer.Settings.TrajectoryWindow ?? trainer.StepsPerEpoch;
        var from = (long)((1 - PartOfLast) * trainer.Steps) / window * window;
        long[] steps = [.. Enumerable.Range(0, snapshots).Select(i => from + ((trainer.Steps - from) * i / (snapshots - 1)))];
        var networks = new List<Network>();
        trainer.Begin();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            networks.AddRange(steps.Where(step => step == trainer.Step).Select(_ => trainer.Snapshot()));
            if (trainer.End != TrainingEnd.None)
            {
                return Of(trainer, trainer.Step == trainer.Steps ? networks : null);
            }

            trainer.TakeStep();
        }
    }

    private const double PartOfLast = 0.1;

    /// <summary>The windows of about the last tenth of the steps: what counts as after τ.</summary>
    public ImmutableArray<TrajectoryWindow> Last
    {
        get
        {
            var from = Windows.IsEmpty ? 0 : Windows[^1].To - (PartOfLast * Windows[^1].To);
            return [.. Windows.Where(window => window.To > from)];
        }
    }
}
