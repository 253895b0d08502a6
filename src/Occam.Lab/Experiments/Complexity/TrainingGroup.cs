using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>A part of a figure's trainings.</summary>
/// <param name="Name">What is trained, for the progress report.</param>
/// <param name="Task">What its trainings have in common.</param>
/// <param name="Conditions">In what they differ.</param>
internal sealed record TrainingGroup(string Name, ComplexityTask Task, IReadOnlyList<TrainingCondition> Conditions)
{
    /// <summary>
    /// Trains all parts of a figure, under all conditions from every seed; what an earlier part has trained is taken from
    /// there. What all of it takes is reported before the first begins.
    /// </summary>
    /// <returns>The runs of each part.</returns>
    public static ImmutableArray<ImmutableArray<ComplexityRun>> Train(ExperimentContext context, params IReadOnlyList<TrainingGroup> parts)
    {
        var wanted = (from part in parts
                      from condition in part.Conditions
                      select (Part: part, Condition: condition, Recipe: part.RecipeOf(condition))).ToArray();
        var fresh = wanted.DistinctBy(one => one.Recipe).GroupBy(one => one.Part).ToArray();
        var costs = Costs(context, [.. fresh.Select(own => own.Key with { Conditions = [.. own.Select(one => one.Condition)] })]);
        var runs = new Dictionary<(Recipe Recipe, int Seed), ComplexityRun>();
        foreach (var (i, own) in fresh.Index())
        {
            var all = (from one in own from seed in context.Seeds select (one.Condition, one.Recipe, Seed: seed)).ToArray();
            var message = costs is null ? own.Key.Name : $"{own.Key.Name}: {costs[i].Describe(context)}";
            var trained = context.Replicate(
                message, all, (one, replica) => ComplexityRun.Train(context, own.Key.Task, one.Condition, one.Seed, replica));
            foreach (var (one, run) in all.Zip(trained))
            {
                runs[(one.Recipe, one.Seed)] = run;
            }
        }

        return
        [
            .. parts.Select(part =>
                (from one in wanted
                 where one.Part == part
                 from seed in context.Seeds
                 select runs[(one.Recipe, seed)] with { Group = one.Condition.Group, Level = one.Condition.Level }).ToImmutableArray()),
        ];
    }

    private static TrainingCost[]? Costs(ExperimentContext context, TrainingGroup[] parts)
    {
        if (context.Progress is not { } progress)
        {
            return null;
        }

        progress.Begin("measuring the first steps");
        TrainingCost[] costs = [.. parts.Select(part => TrainingCost.Estimate(context, part))];
        if (costs.Length > 1)
        {
            progress.Begin($"the whole figure: {costs.Aggregate((first, second) => first + second).Describe(context)}");
        }

        return costs;
    }

    private Recipe RecipeOf(TrainingCondition condition) => new(Task, condition.Change(Task.Settings), condition.Build);

    // What a training from a seed depends on. Lists and builders are equal only where they are the same, so that
    // trainings with regularizers are never taken for one.
    private sealed record Recipe(ComplexityTask Task, TrainingSettings Settings, Func<int, Network>? Build);
}
