using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Lab.Explaining;

/// <summary>Measures the other runs of a store on the same examples, and sets them beside one.</summary>
internal sealed class RunComparer(ExplanationRequest request)
{
    private const int MostRuns = 60;
    private const int MostExamples = 200;
    private const string Question = "How it compares";
    private const string Accuracy = "test.accuracy";
    private const string TrainingLoss = "train.loss";

    private static readonly (string Metric, string Outcome, Func<double, double> Of)[] s_outcomes =
    [
        (Accuracy, "test error", accuracy => 1 - accuracy),
        ("test.loss", "test loss", loss => loss),
        (TrainingLoss, "training loss", loss => loss),
    ];

    /// <summary>Compares.</summary>
    /// <param name="run">The run.</param>
    /// <param name="network">Its network at the end.</param>
    /// <param name="data">The examples.</param>
    /// <param name="questions">Receives what can't be answered.</param>
    public RunComparison? Compare(RunFolder run, Network network, DataSet data, ICollection<OpenQuestion> questions)
    {
        var metrics = run.Status.Metrics;
        if (s_outcomes.FirstOrDefault(
            each => metrics.TryGetValue(each.Metric, out var value) && double.IsFinite(value)) is not { Metric: { } metric } outcome)
        {
            questions.Add(new OpenQuestion(Question, "the run recorded neither a test accuracy nor a loss"));
            return null;
        }

        if (outcome.Metric == TrainingLoss)
        {
            questions.Add(
                new OpenQuestion("How the run does on unseen examples", "it has no test data: give data.test in its configuration"));
        }

        var few = data.Subset(Math.Min(MostExamples, data.Count), request.Seed);
        var compared = ImmutableArray.CreateBuilder<ComparedRun>();
        compared.Add(new ComparedRun(run.Name, Complexity(network, few), outcome.Of(metrics[metric]), IsThis: true));
        var others = Others(run, questions);
        foreach (var (other, i) in others.Select((other, i) => (other, i)))
        {
            request.Cancellation.ThrowIfCancellationRequested();
            try
            {
                using var scope = Libtorch.NewDisposeScope();
                compared.Add(CompareWith(run, other.Name, other.Run, few, outcome));
            }
            catch (OccamException e)
            {
                questions.Add(new OpenQuestion($"How it compares with the run {other.Name}", e.Message));
            }

            request.Progress?.Report((i + 1.0) / others.Length);
        }

        return new RunComparison(outcome.Outcome, compared.ToImmutable(), few.Count);
    }

    private ImmutableArray<(string Name, RunFolder Run)> Others(RunFolder run, ICollection<OpenQuestion> questions)
    {
        var own = Path.GetFullPath(run.FolderPath);
        var root = Path.GetFullPath(request.Root);
        var inStore = own.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        void Unreadable(string why) => questions.Add(new OpenQuestion("How it compares with a run that can't be read", why));
        (string Name, RunFolder Run)[] others =
        [
            .. (inStore ? new RunStore(root).Runs(Unreadable) : Siblings(own, Unreadable))
                .Where(other => Path.GetFullPath(other.Run.FolderPath) != own)
                .OrderByDescending(other => other.Run.Origin.Started),
        ];
        others = [.. Counted(run, others, questions)];
        if (others.Length > MostRuns)
        {
            questions.Add(
                new OpenQuestion(Question, $"there are {others.Length} other runs, of which the {MostRuns} begun last were taken"));
        }

        return [.. others.Take(MostRuns)];
    }

    // A run that diverged says nothing of where training ends, and the same training twice says it once.
    private static IEnumerable<(string Name, RunFolder Run)> Counted(
        RunFolder run, IEnumerable<(string Name, RunFolder Run)> others, ICollection<OpenQuestion> questions)
    {
        var seen = new Dictionary<string, string> { [Settings(run)] = run.Name };
        foreach (var (name, other) in others)
        {
            if (other.Reading.Configuration is not null)
            {
                var why = other.Status.State == RunState.Diverged ? "it diverged"
                    : seen.TryGetValue(Settings(other), out var same) ? $"it is the same training as {same}"
                    : null;
                if (why is not null)
                {
                    questions.Add(new OpenQuestion($"How it compares with the run {name}", why));
                    continue;
                }

                seen[Settings(other)] = name;
            }

            yield return (name, other);
        }
    }

    // What bears on the bits of a training: neither what is observed and kept, nor when.
    private static string Settings(RunFolder run) => string.Join('\n', run.Reading.Values
        .Where(pair => !pair.Key.StartsWith("probes.", StringComparison.Ordinal)
            && pair.Key is not ("checkpoint" or "evaluate" or "keep-best"))
        .Select(pair => $"{pair.Key}={pair.Value}"));

    private static ImmutableArray<(string Name, RunFolder Run)> Siblings(string own, Action<string> unreadable)
    {
        var runs = ImmutableArray.CreateBuilder<(string, RunFolder)>();
        foreach (var folder in Directory.EnumerateDirectories(Path.GetDirectoryName(own)!)
            .Where(RunFolder.IsRun)
            .Order(StringComparer.Ordinal))
        {
            try
            {
                runs.Add((Path.GetFileName(folder), RunFolder.Open(folder)));
            }
            catch (OccamException e)
            {
                unreadable(e.Message);
            }
        }

        return runs.ToImmutable();
    }

    private ComparedRun CompareWith(
        RunFolder run, string name, RunFolder other, DataSet data, (string Metric, string Outcome, Func<double, double> Of) outcome)
    {
        var result = other.Status.Metrics.TryGetValue(outcome.Metric, out var value) && double.IsFinite(value)
            ? outcome.Of(value)
            : throw new OccamException($"it recorded no {outcome.Outcome}");
        var isTraining = outcome.Metric == TrainingLoss;
        if (DataSettings(run, isTraining) != DataSettings(other, isTraining))
        {
            throw new OccamException($"it was {(isTraining ? "trained" : "tested")} on other data");
        }

        // An error is one under any loss; losses are of one scale only where they are the same.
        if (outcome.Metric != Accuracy && run.Configuration.Settings.Loss != other.Configuration.Settings.Loss)
        {
            throw new OccamException(
                $"its loss is '{other.Configuration.Settings.Loss.Id}', and this run's '{run.Configuration.Settings.Loss.Id}'");
        }

        var complexity = Complexity(other.Network().To(other.Configuration.Precision.WeightType, request.Device), data);
        return double.IsFinite(complexity.Value)
            ? new ComparedRun(name, complexity, result, IsThis: false)
            : throw new OccamException("its geometric complexity is not finite");
    }

    // What a run is trained on may differ, and how much of it; what it is judged by may not.
    private static string DataSettings(RunFolder run, bool isTraining) => string.Join(
        ", ",
        run.Reading.Values.Where(pair => pair.Key.StartsWith("data.", StringComparison.Ordinal)
            && (isTraining || pair.Key is not ("data.train" or "data.limit"))).Select(pair => $"{pair.Key}={pair.Value}"));

    private Uncertain Complexity(Network network, DataSet data)
    {
        var context = new MeasureContext(
            new Subject(network), data,
            new MeasureOptions { Seed = request.Seed, Directions = request.Directions, Cancellation = request.Cancellation });
        return new GeometricComplexity().Measurement(context).Quantity ?? Uncertain.WithoutError(double.NaN);
    }
}
