using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>What is the same in the trainings of all seeds, and different from the other trainings of a figure.</summary>
/// <param name="Group">As <c>learning rate 0.1</c>.</param>
/// <param name="Level">Its place in the order.</param>
/// <param name="Change">What it changes in the common settings.</param>
internal sealed record TrainingCondition(string Group, double Level, Func<TrainingSettings, TrainingSettings> Change)
{
    /// <summary>The network of a seed, where it is not the common one.</summary>
    public Func<int, Network>? Build { get; init; }
}
