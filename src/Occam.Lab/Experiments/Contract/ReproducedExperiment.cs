namespace Occam.Lab.Experiments.Contract;

/// <summary>An experiment that was run: what with, what it found, where and how long.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Context">What it was run with.</param>
/// <param name="Outcome">What it found.</param>
/// <param name="Environment">Where it was run.</param>
/// <param name="Took">How long it took; of one that went on from checkpoints, over all sittings.</param>
/// <param name="Command">The command, as typed.</param>
public sealed record ReproducedExperiment(
    Experiment Experiment, ExperimentContext Context, ExperimentOutcome Outcome, RunEnvironment Environment, TimeSpan Took, string Command)
{
    /// <summary>The time of all processors that it took, over all sittings.</summary>
    public TimeSpan Processor { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset Written { get; init; } = DateTimeOffset.Now;
}
