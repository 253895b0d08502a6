using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>A training on labels of which some are wrong, and how well scores by example find those.</summary>
/// <param name="Seed">The seed of the weights, of the training and of the wrong labels.</param>
/// <param name="TrainingError">The share of training images that the network puts into another class than their label, at the end.</param>
/// <param name="Wrong">How many labels are wrong.</param>
/// <param name="Areas">The area under the curve of each score.</param>
internal sealed record NoiseAuditRun(int Seed, double TrainingError, int Wrong, ImmutableArray<NoiseAuditArea> Areas)
{
    /// <summary>The area of a score; NaN where it has none.</summary>
    public double Area(string score) => Areas.FirstOrDefault(area => area.Score == score)?.Area ?? double.NaN;
}
