using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin;

/// <summary>A part of a figure's trainings.</summary>
/// <param name="Name">What is being done, for whoever waits.</param>
/// <param name="Task">What its trainings have in common.</param>
/// <param name="Conditions">In what they differ.</param>
internal sealed record Stage(string Name, ComplexityTask Task, IReadOnlyList<Condition> Conditions)
{
    /// <summary>Trains all stages of a figure, under all conditions from every seed. What all of it takes is told before the first begins.</summary>
    /// <returns>The runs of each stage.</returns>
    public static ImmutableArray<ImmutableArray<ComplexityRun>> Train(ExperimentContext context, params IReadOnlyList<Stage> stages)
    {
        if (context.Progress is not { } progress)
        {
            return [.. stages.Select(stage => stage.Train(context, stage.Name))];
        }

        progress.Begin("measuring the first steps");
        TrainingCost[] costs = [.. stages.Select(stage => TrainingCost.Of(context, stage))];
        if (costs.Length > 1)
        {
            progress.Begin($"the whole figure: {costs.Aggregate((first, second) => first + second).On(context)}");
        }

        return [.. stages.Select((stage, i) => stage.Train(context, $"{stage.Name}: {costs[i].On(context)}"))];
    }

    private ImmutableArray<ComplexityRun> Train(ExperimentContext context, string told)
    {
        (Condition Condition, int Seed)[] all = [.. from condition in Conditions from seed in context.Seeds select (condition, seed)];
        return context.Replicate(told, all, (item, replica) => ComplexityRun.Train(context, Task, item.Condition, item.Seed, replica));
    }
}
