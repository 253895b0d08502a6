using System.Collections.Immutable;

namespace Occam.Lab.Explaining;

/// <summary>What held the complexity of a run down, by its last parameters and batches like those of its steps.</summary>
/// <param name="LearningRate">h, the mean learning rate of the run.</param>
/// <param name="LastLearningRate">The learning rate of the last step.</param>
/// <param name="Batch">Examples a batch.</param>
/// <param name="Batches">How many batches were taken: 1 where the batch is all training examples and nothing is random, and the numbers
/// exact.</param>
/// <param name="IsWhole">Whether a batch is all training examples: then several differ by dropout and random cotangents alone.</param>
/// <param name="Complexity">The geometric complexity of the batches.</param>
/// <param name="Pulls">The loss first, then the learning rate's implicit regularization, then what the configuration adds.</param>
/// <param name="Implicit">The terms of implicit gradient regularization; null where they aren't defined.</param>
/// <param name="WithoutGradient">What else acted, without a gradient that could be weighed: noise, augmentation, dropout, an early
/// end.</param>
/// <param name="Notes">What has to be known of the numbers.</param>
public sealed record Mechanisms(
    double LearningRate,
    double LastLearningRate,
    int Batch,
    int Batches,
    bool IsWhole,
    Uncertain Complexity,
    ImmutableArray<Pull> Pulls,
    ImplicitTerms? Implicit,
    ImmutableArray<string> WithoutGradient,
    ImmutableArray<string> Notes)
{
    /// <summary>A pull's share of all pulls' lengths, from 0 to 1.</summary>
    public double ShareOf(Pull pull) => pull.Norm.Value / Pulls.Sum(each => each.Norm.Value);

    /// <summary>The pull that takes most of the complexity away; null where none does.</summary>
    public Pull? Strongest => Pulls.Where(pull => pull.Effect.Value < 0).MinBy(pull => pull.Effect.Value);
}
