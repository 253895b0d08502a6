using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Ranking;

/// <summary>Measures the last network of runs, with the weights at initialization from their folders; each value once.</summary>
internal sealed class RunMeasuring
{
    private const string OwnTestErrors = "on the run's test data";

    /// <summary>The measures.</summary>
    public required ImmutableArray<Measure> Measures { get; init; }

    /// <summary>The data to measure on, as <c>occam measure</c> takes them; each run's training data when null.</summary>
    public string? Data { get; init; }

    /// <summary>Measure on so many examples, chosen at random.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// The data to take the test error on, such as data of another distribution; each run's test data when null.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>How the measures are computed.</summary>
    public MeasureOptions Options { get; init; } = new();

    /// <summary>Whether all of a run was measured before, so that it costs nothing.</summary>
    /// <exception cref="OccamException">Its folder can't be read.</exception>
    public bool IsKept(RunFolder run)
    {
        var cache = MeasureCache.Open(run.FolderPath);
        return cache.FindErrors(TestErrors) is not null && Measures.All(measure => cache.Find(Key(measure)) is not null);
    }

    /// <summary>Measures a run.</summary>
    /// <param name="run">The run, which has come to its end.</param>
    /// <param name="hyperparameters">The value of each hyperparameter.</param>
    /// <param name="report">
    /// Receives the share that is done of what is computed, from 0 to 1; the errors and each measure count alike.
    /// </param>
    /// <param name="forecasts">Tells what its measures will take; nothing when null.</param>
    /// <exception cref="OccamException">The run has no test data, or its data or network can't be read.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MeasuredRun Measure(
        RunFolder run, ImmutableArray<string> hyperparameters, Action<double>? report = null, MeasureForecasts? forecasts = null)
    {
        var cache = MeasureCache.Open(run.FolderPath);
        var missing = Measures.Where(measure => cache.Find(Key(measure)) is null).ToArray();
        if (missing.Length > 0 || cache.FindErrors(TestErrors) is null)
        {
            using var scope = Libtorch.NewDisposeScope();
            Measure(run, cache, missing, report ?? (_ => { }), forecasts);
        }

        return new MeasuredRun(
            run.FolderPath, hyperparameters, cache.FindErrors(TestErrors)!,
            Measures.ToImmutableSortedDictionary(measure => measure.Name, measure => cache.Find(Key(measure))!, StringComparer.Ordinal))
        {
            Seed = run.Reading.Values.FirstOrDefault(value => value.Key == "seed").Value,
        };
    }

    private string TestErrors => Target is null ? OwnTestErrors : $"on {Target}";

    private void Measure(
        RunFolder run, MeasureCache cache, Measure[] missing, Action<double> report, MeasureForecasts? forecasts)
    {
        var (plan, trainer) = run.Restore();
        using var owned = trainer;
        if (cache.FindErrors(TestErrors) is null)
        {
            var test = Target is null
                ? plan.Test ?? throw new OccamException("it has no test data, and so no gap: give data.test")
                : plan.Configuration.Data.OpenOther(Target);
            if (trainer.Settings.Loss.TakesClasses)
            {
                test.RequireLabels(plan.Train.Classes);
            }

            if (test.ExampleSize != plan.Train.ExampleSize || test.TargetSize != plan.Train.TargetSize)
            {
                throw new OccamException($"{test.Name} has examples of {test.ExampleSize} inputs and {test.TargetSize} targets, and the "
                    + $"training data of {plan.Train.ExampleSize} and {plan.Train.TargetSize}: give --target data of the same kind");
            }

            var (testError, areShares) = Error(trainer, test);
            cache.Keep(TestErrors, new RunErrors(Error(trainer, plan.Train).Value, testError, test.Count, areShares));
        }

        if (missing.Length == 0)
        {
            return;
        }

        var data = Data is null ? plan.Train : plan.Configuration.Data.OpenOther(Data);
        data = Limit < data.Count ? data.Subset(Limit.Value, Options.Seed) : data;
        var done = 1;
        void Report(double share) => report((done + share) / (missing.Length + 1));
        var options = forecasts?.Within(Options, Report) ?? Options with { Progress = Report };
        var context = new MeasureContext(new Subject(trainer.Snapshot()).WithInitial(run.InitialNetwork()), data, options);
        foreach (var measure in missing)
        {
            Options.Cancellation.ThrowIfCancellationRequested();
            Report(0);
            forecasts?.Begin(measure.Title);
            cache.Keep(Key(measure), Value(measure, context));
            done++;
        }
    }

    private static MeasuredValue Value(Measure measure, MeasureContext context)
    {
        try
        {
            var result = measure.Measurement(context);
            return new MeasuredValue(result.Value, result.StandardError, result.NotApplicable, result.Seconds);
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            return new MeasuredValue(null, 0, e.Reason(), 0);
        }
    }

    private static (double Value, bool IsShare) Error(Trainer trainer, DataSet data)
    {
        var metrics = new Evaluation("data", data, Cadence.Ends)
            .Observe(trainer)
            .ToDictionary(metric => metric.Name, metric => metric.Value);
        return metrics.TryGetValue("data.accuracy", out var accuracy) ? (1 - accuracy, true) : (metrics["data.loss"], false);
    }

    // All that a value depends on beside the network.
    private string Key(Measure measure) =>
        $"{measure.Name}; data {Data ?? "train"}, limit {Limit}, seed {Options.Seed}, probes {Options.Directions}";
}
