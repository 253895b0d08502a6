using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>Trainings on the ten points of <see cref="Parabola"/>, one from each seed.</summary>
internal sealed record ParabolaRuns(params ImmutableArray<ParabolaRun> Runs)
{
    /// <summary>The fewest steps that any of them took.</summary>
    public long Steps => Runs.Min(run => run.Track[^1].Step);

    /// <summary>Initialized functions: of the trainings, and where there are more, of the seeds after theirs.</summary>
    public ImmutableArray<ParabolaFunction> Starts { get; init; } = [.. Runs.Select(run => run.Start)];
}
