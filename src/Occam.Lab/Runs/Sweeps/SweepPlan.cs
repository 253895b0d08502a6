using System.Collections.Immutable;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>The runs of a sweep: <c>sweep.json</c>.</summary>
/// <param name="Keys">The swept keys, seeds not among them.</param>
/// <param name="Runs">The runs.</param>
public sealed record SweepPlan(ImmutableArray<string> Keys, ImmutableArray<SweepRun> Runs);
