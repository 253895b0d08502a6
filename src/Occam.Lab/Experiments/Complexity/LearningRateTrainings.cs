using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// The trainings of ResNet-18 over learning rates, which Figure 2 of the first paper and the top row of Figure 4 of the second look at.
/// Figures computed together train once.
/// </summary>
internal static class LearningRateTrainings
{
    // On a laptop: until the smallest learning rate has brought the training loss near zero.
    private const double Share = 1.6;

    private static readonly TrainingMemory<ImmutableArray<ComplexityRun>> s_memory = new();

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var count = Sweep.OfLearningRates(scale).Levels.Length;
        return ResNetTask.Size(scale, $"{count} learning rates", count, Share);
    }

    /// <summary>Trains all.</summary>
    public static (ComplexityTask Task, Sweep Sweep, ImmutableArray<ComplexityRun> Runs) Run(ExperimentContext context)
    {
        var (task, sweep) = (ResNetTask.Create(context, Share), Sweep.OfLearningRates(context.Scale));
        return (task, sweep, s_memory.Get(context, () => task.Train(context, "training", sweep.Conditions)));
    }
}
