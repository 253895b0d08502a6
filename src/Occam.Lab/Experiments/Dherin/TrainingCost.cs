using System.Diagnostics;
using System.Globalization;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin;

/// <summary>What trainings will take.</summary>
/// <param name="Trainings">How many there are.</param>
/// <param name="Steps">Their steps.</param>
/// <param name="Time">Their time, as many side by side as there will be.</param>
internal sealed record TrainingCost(int Trainings, long Steps, TimeSpan Time)
{
    private const int TrialSteps = 5;

    /// <summary>Measures the first steps of a stage, and tells from them what all of it takes.</summary>
    public static TrainingCost Of(ExperimentContext context, Stage stage)
    {
        // The largest network and batch of a stage come last.
        var last = stage.Conditions[^1];
        var (step, look) = Replicas.Run(1, 1, context.Cancellation, _ => { }, _ => FirstSteps(stage.Task, last, context.Seeds[^1]))[0];
        var trainings = stage.Conditions.Count * context.Seeds.Length;
        var steps = context.Seeds.Length * stage.Conditions.Sum(condition => condition.Change(stage.Task.Settings).Steps!.Value);

        // Trainings side by side share an accelerator, and have a core each.
        var sideBySide = context.Device.IsCpu ? Math.Min(context.Threads, trainings) : 1;
        return new TrainingCost(trainings, steps, ((steps * step) + (trainings * stage.Task.Looks * look)) / sideBySide);
    }

    /// <summary>What one after the other takes.</summary>
    public static TrainingCost operator +(TrainingCost first, TrainingCost second) =>
        new(first.Trainings + second.Trainings, first.Steps + second.Steps, first.Time + second.Time);

    /// <summary>The cost in words.</summary>
    public string On(ExperimentContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"{Trainings} trainings, {Steps:N0} steps in all, about {InWords(Time)} on {context.Device}");

    private static (TimeSpan Step, TimeSpan Look) FirstSteps(ComplexityTask task, Condition condition, int seed)
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

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:N1} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:N1} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:N0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N0} seconds"),
    };
}
