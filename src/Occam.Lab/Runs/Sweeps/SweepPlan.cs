using System.Collections.Immutable;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>The runs of a sweep: <c>sweep.json</c>.</summary>
/// <param name="Keys">The swept keys, seeds not among them.</param>
/// <param name="Runs">The runs.</param>
public sealed record SweepPlan(ImmutableArray<string> Keys, ImmutableArray<SweepRun> Runs)
{
    /// <summary>The digests of the sweep file and of the base, by name, in a sweep's folder; null in those of older versions.</summary>
    public ImmutableSortedDictionary<string, string>? Digests { get; init; }
}
