using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Runs.Networks;
using Occam.Measures;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Probes;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Makes a run's parts one by one, and gathers what is wrong with any of them.</summary>
internal sealed class RunPlanMaker(ConfigurationReading reading, RunConfiguration configuration)
{
    private const string TestName = "test";

    private readonly RunConfiguration _configuration = configuration;
    private readonly TrainingSettings _settings = configuration.Settings;
    private readonly List<ConfigurationProblem> _problems = [.. reading.Problems];

    // Also where test data are named and couldn't be opened, which one message is enough for.
    private bool _hasTest;

    public (RunPlan? Plan, ImmutableArray<ConfigurationProblem> Problems) Make(Network? given)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (knowsData, knowsLoss) = (!reading.StandsIn("data"), !reading.StandsIn("loss"));
        AddProblems(_settings.Problems().Where(problem => knowsLoss || problem.Setting != nameof(TrainingSettings.Stop)));
        AddProblem("threads", _configuration.Threads is < 1 or > RunConfiguration.MostThreads
            ? $"{_configuration.Threads} threads can't be: give 1 to {RunConfiguration.MostThreads:N0}"
            : null);
        AddProblem("seed", _settings.Seed < 0 ? $"a seed of {_settings.Seed} can't be: give 0 or a positive number" : null);
        var device = Device.Cpu;
        Attempt("device", () => device = Device.Parse(_configuration.Device));
        var train = knowsData ? Try("data.train", _configuration.Data.OpenTrain) : null;
        DataSet? test = null;
        _hasTest = !knowsData || !Attempt("data.test", () => test = _configuration.Data.OpenTest()) || test is not null;
        AddProblem("data.test", train is null ? null : test?.ClassProblem(train));
        AddProblem("stop.patience", _settings.Stop.Patience is not null && !_hasTest
            ? "patience waits for the test loss, and there are no test data: give data.test"
            : null);
        var isSound = train is not null && knowsLoss && !reading.StandsIn("network") && _configuration.Network.Problem() is null;
        var network = given ?? (isSound ? Try("network", () => MakeNetwork(train!)) : null);
        if (train is not null && knowsLoss)
        {
            AddProblems(_settings.ProblemsOf(train));
        }

        if (network is not null)
        {
            AddProblems(_settings.ProblemsOf(network));
        }

        if (_problems.Count == 0)
        {
            network = network!.To(_configuration.Precision.WeightType, device);
            AddProblems(_settings.Problems(network, train!));
        }

        var probes = Probes(network, train, test);
        CheckMetrics(probes);
        return _problems.Count > 0
            ? (null, [.. _problems.Distinct().OrderBy(problem => problem.Where.Line)])
            : (new RunPlan(_configuration, Kept(network!), train!, test, [.. probes.Select(probe => probe.Probe)]), []);
    }

    private Network MakeNetwork(DataSet train)
    {
        using var generator = new Generator((ulong)Math.Max(0, _settings.Seed));
        var outputs = _settings.Loss is BinaryCrossEntropy ? 1
            : _settings.Loss.TakesClasses || train.Targets is null ? Math.Max(train.Classes, 1)
            : train.TargetSize;
        outputs = !_settings.Loss.TakesClasses && train.Targets is null ? 1 : outputs;
        return _configuration.Network.Make(new NetworkRequirements(
            [.. train.ExampleShape.Select(size => (long)size)], outputs, generator, _configuration.Precision.WeightType));
    }

    // The weights outlive the scope of the making.
    private static Network Kept(Network network) => network.WithInitializers(
        network.Graph.Initializers.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Alias().DetachFromDisposeScope())));

    private List<(Probe Probe, string Path, string Metric)> Probes(Network? network, DataSet? train, DataSet? test)
    {
        var probes = new List<(Probe, string, string)>();
        if (test is not null)
        {
            probes.Add((new Evaluation(TestName, test, _configuration.Evaluate), "evaluate", $"{TestName}.loss"));
        }

        for (var i = 0; i < _configuration.Probes.Length; i++)
        {
            var (own, path) = (_configuration.Probes[i], $"probes.{i}");
            AddProblem($"{path}.on", own.On == TestName && !_hasTest
                ? "there are no test data to measure on: give data.test, or another 'on'"
                : null);
            AddProblem(
                $"{path}.limit", own.Limit < 1 ? $"a limit of {own.Limit} examples leaves nothing to measure: give at least 1" : null);
            AddProblem($"{path}.measure", own.Measure.Problem());
            AddProblem(
                $"{path}.estimate", own.Estimate < 1 ? $"an estimate from {own.Estimate} directions can't be: give at least 1" : null);
            var data = own.On switch
            {
                "train" => train,
                TestName => test,
                _ => reading.StandsIn("data") ? null : Try($"{path}.on", () => _configuration.Data.OpenOther(own.On)),
            };
            if (data is null || own.Limit < 1 || own.Estimate < 1)
            {
                continue;
            }

            data = own.Limit is { } limit ? data.Subset(limit, own.Seed) : data;
            if (network is not null && Try(path, () => new MeasureContext(new Subject(network), data)) is { } context)
            {
                AddProblem($"{path}.measure", context.Missing(own.Measure.Needs) is { } missing ? $"'{own.Measure.Name}' {missing}" : null);
            }

            probes.Add((new MeasureProbe(own.Measure, data, own.Every, new MeasureOptions
            {
                Directions = own.Estimate,
                Layers = own.Layers,
                Seed = own.Seed,
            })
            { Metric = own.MetricName }, path, own.MetricName));
        }

        if (_configuration.Stability is { } stability)
        {
            AddProblem(
                "stability.limit",
                stability.Limit < 1 ? $"a limit of {stability.Limit} examples leaves nothing to measure: give at least 1" : null);
            if (train is not null && stability.Limit is not < 1)
            {
                var data = stability.Limit is { } few ? train.Subset(few, stability.Seed) : train;
                probes.Add((new EdgeOfStability(data, stability.Every, stability.Seed), "stability", EdgeOfStability.Metric));
            }
        }

        return probes;
    }

    private void CheckMetrics(List<(Probe Probe, string Path, string Metric)> probes)
    {
        foreach (var twice in probes.GroupBy(probe => probe.Metric).SelectMany(group => group.Skip(1)))
        {
            AddProblem(twice.Path, $"another metric is called '{twice.Metric}' as well: give one of them a name");
        }

        if (_configuration.KeepBest is not { } best || reading.StandsIn("loss"))
        {
            return;
        }

        string[] known =
        [
            "train.loss",
            .. _settings.Loss.TakesClasses ? new[] { "train.accuracy" } : [],
            .. _hasTest ? new[] { "test.loss" } : [],
            .. _hasTest && _settings.Loss.TakesClasses ? new[] { "test.accuracy" } : [],
            .. _configuration.Probes.Select(probe => probe.MetricName),
            .. _configuration.Stability is null ? Array.Empty<string>() : [EdgeOfStability.Metric],
            .. _settings.Trajectory ? new[] { "bias-trajectory", "bias-variance", "distance-to-initialization", "steadiness" } : [],
        ];
        AddProblem("keep-best", known.Contains(best)
            ? null
            : $"there is no metric '{best}'{Nearest.Hint(best, known)} There are {string.Join(", ", known.Distinct())}");
    }

    // Mixed precision is no key of its own.
    private void AddProblems(IEnumerable<TrainingProblem> problems)
    {
        var keys = ConfigurationShape.Of(typeof(RunConfiguration)).Keys;
        foreach (var problem in problems)
        {
            AddProblem(keys.FirstOrDefault(key => key.Member == problem.Setting)?.Name ?? "precision", problem.Message);
        }
    }

    private T? Try<T>(string path, Func<T> make)
        where T : class?
    {
        T? made = null;
        Attempt(path, () => made = make());
        return made;
    }

    private bool Attempt(string path, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            AddProblem(path, e.Reason());
            return false;
        }
    }

    private void AddProblem(string path, string? message)
    {
        // Where some keys couldn't be read, what is said of others may come of the defaults in their place.
        if (message is not null && (reading.Configuration is not null || reading.IsSound(path)))
        {
            _problems.Add(new ConfigurationProblem(reading.PlaceOfMistake(path), message));
        }
    }
}
