using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>A training in which the transfer from parameter to input gradients was followed.</summary>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="TrainingLoss">The mean loss of the last epoch.</param>
/// <param name="Track">What was measured, from before the first step to after the last.</param>
/// <param name="BatchErrors">The relative errors of the complexity on disjoint random batches as that of all training data, at the
/// end.</param>
internal sealed record TransferRun(
    int Depth, int Seed, double TrainingLoss, ImmutableArray<TransferPoint> Track, ImmutableArray<double> BatchErrors) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => $"{Depth} hidden layer{(Depth == 1 ? "" : "s")}";

    /// <inheritdoc/>
    public double Level => Depth;

    /// <summary>Before the first step.</summary>
    public TransferPoint Start => Track[0];

    /// <summary>After the last step.</summary>
    public TransferPoint End => Track[^1];
}
