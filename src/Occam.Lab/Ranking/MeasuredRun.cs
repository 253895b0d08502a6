using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>A run with what was measured on its last network.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Hyperparameters">The value of each hyperparameter.</param>
/// <param name="Errors">Its errors.</param>
/// <param name="Measures">What was measured, by the measures' names.</param>
public sealed record MeasuredRun(
    string Path, ImmutableArray<string> Hyperparameters, RunErrors Errors, ImmutableSortedDictionary<string, MeasuredValue> Measures)
{
    /// <summary>The run's seed; null where it isn't known.</summary>
    internal string? Seed { get; init; }
}
