using System.Diagnostics;
using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Text;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>What trainings will take.</summary>
/// <param name="Trainings">How many there are.</param>
/// <param name="Steps">Their steps.</param>
/// <param name="Time">Their time, as many side by side as there will be.</param>
internal sealed record TrainingCost(int Trainings, long Steps, TimeSpan Time)
{
    private const int TrialSteps = 5;

    /// <summary>Measures the first steps of a part of a figure, and estimates from them the cost of all of it.</summary>
    public static TrainingCost Estimate(ExperimentContext context, TrainingGroup part)
    {
        var trainings = part.Conditions.Count * context.Seeds.Length;
        var (steps, time) = (0L, TimeSpan.Zero);
        foreach (var alike in part.Conditions.GroupBy(condition => WhatCosts(part.Task, condition)))
        {
            var (step, observation) =
                Replicas.Run(1, 1, context.Cancellation, _ => { }, _ => FirstSteps(part.Task, alike.Last(), context.Seeds[^1]))[0];
            var own = context.Seeds.Length * alike.Sum(condition => condition.Change(part.Task.Settings).Steps!.Value);
            steps += own;
            time += (own * step) + (alike.Count() * context.Seeds.Length * part.Task.ObservationCount * observation);
        }

        // Trainings side by side share an accelerator, and have a core each.
        return new TrainingCost(trainings, steps, time / (context.Device.IsCpu ? Math.Min(context.Threads, trainings) : 1));
    }

    /// <summary>What one after the other takes.</summary>
    public static TrainingCost operator +(TrainingCost first, TrainingCost second) =>
        new(first.Trainings + second.Trainings, first.Steps + second.Steps, first.Time + second.Time);

    /// <summary>The cost in words.</summary>
    public string Describe(ExperimentContext context) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Trainings} trainings, {Steps:N0} steps in all, about {NumberText.About(Time)} on {context.Device}");

    // Conditions that agree in this take equally long.
    private static (int? Batch, string Regularizers, Func<int, Network>? Build) WhatCosts(ComplexityTask task, TrainingCondition condition)
    {
        var settings = condition.Change(task.Settings);
        return (settings.BatchSize, string.Join(", ", settings.Regularizers.Select(regularizer => regularizer.Id)), condition.Build);
    }

    private static (TimeSpan Step, TimeSpan Observation) FirstSteps(ComplexityTask task, TrainingCondition condition, int seed)
    {
        using var trainer = ComplexityRun.Trainer(task, condition, seed);
        trainer.Begin();
        trainer.TakeStep();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < TrialSteps && trainer.End == TrainingEnd.None; step++)
        {
            trainer.TakeStep();
        }

        return (clock.Elapsed / TrialSteps, TimeSpan.FromSeconds(trainer.ProbeSeconds.Values.Sum()));
    }
}
