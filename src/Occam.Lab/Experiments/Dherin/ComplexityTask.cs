using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Reports;
using Occam.Networks;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin;

/// <summary>
/// What the trainings of Dherin et al. 2021 and 2022 have in common: a network, images, stochastic gradient descent, and
/// the geometric complexity of the logits on fixed training points in evaluation mode. On the way it is estimated with
/// one random cotangent an example; at the best test accuracy and at the end it is exact.
/// </summary>
internal sealed record ComplexityTask
{
    private const int TrialSteps = 5;

    /// <summary>The network in words.</summary>
    public required string Network { get; init; }

    /// <summary>The network of a seed, before training.</summary>
    public required Func<int, Network> Build { get; init; }

    /// <summary>The training images.</summary>
    public required DataSet Training { get; init; }

    /// <summary>The test images.</summary>
    public required DataSet Test { get; init; }

    /// <summary>The training images on which the complexity is measured.</summary>
    public required DataSet Points { get; init; }

    /// <summary>How it is trained, where a condition says nothing else.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>How often it is looked at in a training.</summary>
    public required int Looks { get; init; }

    /// <summary>What differs from the paper's sizes.</summary>
    public required ImmutableArray<RichText> Remarks { get; init; }

    /// <summary>The settings that are common to all figures, with where they come from.</summary>
    public required ImmutableArray<Setting> Described { get; init; }

    /// <summary>Trains under all conditions from every seed. What it takes is told first, measured from the first steps.</summary>
    public ImmutableArray<ComplexityRun> Train(ExperimentContext context, string stage, IReadOnlyList<Condition> conditions)
    {
        (Condition Condition, int Seed)[] all = [.. from condition in conditions from seed in context.Seeds select (condition, seed)];
        var told = context.Progress is null ? stage : $"{stage}: {Estimate(context, all)}";
        return context.Replicate(told, all, (item, replica) => ComplexityRun.Train(context, this, item.Condition, item.Seed, replica));
    }

    // The largest network and batch of a figure come last.
    private string Estimate(ExperimentContext context, IReadOnlyList<(Condition Condition, int Seed)> all)
    {
        context.Progress!.Begin("measuring the first steps");
        var (step, look) = Replicas.Run(1, 1, context.Cancellation, _ => { }, _ => FirstSteps(all[^1].Condition, all[^1].Seed))[0];
        var steps = all.Sum(item => item.Condition.Change(Settings).Steps!.Value);

        // Trainings side by side share an accelerator, and have a core each.
        var sideBySide = context.Device.IsCpu ? Math.Min(context.Threads, all.Count) : 1;
        var time = ((steps * step) + (all.Count * Looks * look)) / sideBySide;
        return string.Create(CultureInfo.InvariantCulture, $"{all.Count} trainings, {steps:N0} steps in all, about {InWords(time)} on {context.Device}");
    }

    private (TimeSpan Step, TimeSpan Look) FirstSteps(Condition condition, int seed)
    {
        using var trainer = ComplexityRun.Trainer(this, condition, seed);
        trainer.Begin();
        trainer.TakeStep();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < TrialSteps && trainer.End == TrainingEnd.None; step++)
        {
            trainer.TakeStep();
        }

        return (clock.Elapsed / TrialSteps, TimeSpan.FromSeconds(trainer.ProbeSeconds.Values.Sum()));
    }

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:N1} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:N1} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:N0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N0} seconds"),
    };
}
