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

    /// <summary>The windows of about the last tenth of the steps: what counts as after τ.</summary>
    public ImmutableArray<TrajectoryWindow> Last
    {
        get
        {
            const double Part = 0.1;
            var from = Windows.IsEmpty ? 0 : Windows[^1].To - (Part * Windows[^1].To);
            return [.. Windows.Where(window => window.To > from)];
        }
    }
}
