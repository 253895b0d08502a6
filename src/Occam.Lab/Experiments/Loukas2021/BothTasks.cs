using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>The raw runs of the figures on both tasks.</summary>
/// <param name="Regression">Those of Task 1.</param>
/// <param name="Classification">Those of Task 2.</param>
internal sealed record BothTasks(ImmutableArray<TrajectoryRun> Regression, ImageTrainingSet Classification);
