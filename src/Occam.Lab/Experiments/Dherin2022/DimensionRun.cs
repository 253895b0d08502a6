using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>A training of gc-open-dimension.</summary>
/// <param name="Rate">The learning rate h.</param>
/// <param name="Batch">The batch size B.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="TrainingLoss">The mean loss of the last epoch.</param>
/// <param name="Complexity">⟨f, D⟩_G on fixed training points, at the end.</param>
/// <param name="Dimensions">The effective dimension at the end, for each z.</param>
/// <param name="DescriptionLength">The length of the labels' prequential code, in bits.</param>
internal sealed record DimensionRun(
    double Rate, int Batch, int Seed, double TrainingLoss, double Complexity, ImmutableArray<double> Dimensions, double DescriptionLength)
    : ISeededRun
{
    /// <summary>How it was trained.</summary>
    public string Group => FormattableString.Invariant($"h = {Rate:G3}, B = {Batch}");

    /// <summary>h/B.</summary>
    public double Level => Rate / Batch;
}
