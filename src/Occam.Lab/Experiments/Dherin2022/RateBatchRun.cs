using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>A training of gc-open-hb.</summary>
/// <param name="Rate">The learning rate h.</param>
/// <param name="Batch">The batch size B.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="TrainingLoss">The mean loss of the last epoch.</param>
/// <param name="Complexity">⟨f, D⟩_G on fixed training points, at the end.</param>
/// <param name="Track">The terms of the theory, from before the first step to after the last; those of eq. 6 on batches of B.</param>
internal sealed record RateBatchRun(
    double Rate, int Batch, int Seed, long Steps, double TrainingLoss, double Complexity, ImmutableArray<TransferPoint> Track)
{
    /// <summary>h/B.</summary>
    public double Ratio => Rate / Batch;

    /// <summary>Before the first step.</summary>
    public TransferPoint Start => Track[0];

    /// <summary>After the last step.</summary>
    public TransferPoint End => Track[^1];
}
