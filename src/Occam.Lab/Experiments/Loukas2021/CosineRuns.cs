using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The raw runs of bth-2-regression.</summary>
/// <param name="Figure">Those of the figure, whose first weights are the identity: four frequencies, several seeds.</param>
/// <param name="RandomFirst">The same tasks, trained for a while with first weights that are random and stay as they are; for Theorem 1
/// alone, whose two sides then differ.</param>
internal sealed record CosineRuns(ImmutableArray<TrajectoryRun> Figure, ImmutableArray<TrajectoryRun> RandomFirst);
