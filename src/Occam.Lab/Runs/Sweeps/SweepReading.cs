using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Runs.Configuration;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>What reading a sweep file gave: the runs, or everything that is wrong with it and with any of them.</summary>
public sealed class SweepReading
{
    private static readonly string[] s_keys = ["base", "grid", "list", "random", "seeds"];

    private readonly ConfigurationBinder _binder = new();
    private readonly ConfigurationNode? _base;
    private readonly List<(SweepRun Run, ImmutableArray<ConfigurationOverride> Settings)> _runs = [];

    private SweepReading(string path, string? basePath)
    {
        Text = ConfigurationReading.ReadFile(path);
        BaseText = "";
        if (ConfigurationReading.ReadNode(Text, path, _binder) is not { } node)
        {
            return;
        }

        if (node is not MappingNode file)
        {
            _binder.Complain(node.Where, $"a sweep is {node.Kind}: expected the keys {string.Join(", ", s_keys)}");
            return;
        }

        foreach (var unknown in file.Entries.Where(entry => !s_keys.Contains(entry.Key)))
        {
            _binder.Complain(
                unknown.Where, $"unknown key '{unknown.Key}'{Nearest.Hint(unknown.Key, s_keys)} A sweep takes "
                    + $"{string.Join(", ", s_keys)}");
        }

        (_base, BaseText) = ReadBase(file, path, basePath);
        var space = new SweepSpace(_binder);
        var settings = space.Of(file);
        int?[] seeds = file.Find("seeds") is { } given ? Seeds(given) : [null];
        if (!file.Entries.Any(entry => entry.Key is "grid" or "list" or "random" or "seeds"))
        {
            _binder.Complain(file.Where, "there is nothing to sweep: give 'grid', 'list', 'random' or 'seeds'");
        }

        Keys = space.Keys;
        if ((long)settings.Count * seeds.Length > SweepSpace.MostRuns)
        {
            _binder.Complain(file.Where, $"the sweep would have {(long)settings.Count * seeds.Length} runs: expected at most "
                + $"{SweepSpace.MostRuns}");
            return;
        }

        MakeRuns(settings, seeds);
    }

    /// <summary>The sweep file.</summary>
    public string Text { get; }

    /// <summary>The configuration that all runs begin with.</summary>
    public string BaseText { get; }

    /// <summary>The swept keys.</summary>
    public ImmutableArray<string> Keys { get; } = [];

    /// <summary>The runs.</summary>
    public SweepPlan Plan => new(Keys, [.. _runs.Select(run => run.Run)]);

    /// <summary>Reads a sweep file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="basePath">The file of the base configuration, in place of the one that is named there.</param>
    /// <exception cref="OccamException">A file can't be read.</exception>
    public static SweepReading OfFile(string path, string? basePath = null) => new(path, basePath);

    /// <summary>
    /// Everything that is wrong: with the sweep, with each run's configuration, and with its data and network, which are
    /// opened for one seed of each setting.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ImmutableArray<ConfigurationProblem> Check(Action<double>? progress = null, CancellationToken cancellation = default)
    {
        if (_binder.Problems.Count > 0 || _base is null)
        {
            return [.. _binder.Problems.OrderBy(problem => problem.Where.Line)];
        }

        var found = new List<(ConfigurationProblem Problem, SweepRun Run)>();
        var settings = _runs.DistinctBy(run => SweepSpace.Text([.. run.Settings.Where(setting => setting.Path is not ["seed"])])).ToArray();
        for (var i = 0; i < settings.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var reading = ConfigurationReading.OfNode(_base, BaseText, settings[i].Settings, new ConfigurationBinder());
            found.AddRange(RunPlan.Make(reading).Problems.Select(problem => (problem, settings[i].Run)));
            progress?.Invoke((i + 1.0) / settings.Length);
        }

        return
        [
            .. found.GroupBy(pair => pair.Problem)
                .Select(group => group.Count() == settings.Length
                    ? group.Key
                    : group.Key with { Message = $"{group.Key.Message} (run {group.First().Run.Name}: {group.First().Run.Description})" })
                .OrderBy(problem => problem.Where.Source, StringComparer.Ordinal).ThenBy(problem => problem.Where.Line),
        ];
    }

    /// <summary>What is set beside the base for a run, as <c>--set</c> takes it.</summary>
    internal ImmutableArray<string> SettingsOf(SweepRun run) =>
        [.. _runs.First(pair => pair.Run.Name == run.Name).Settings.Select(setting => SweepSpace.Text([setting]))];

    private (ConfigurationNode? Node, string Text) ReadBase(MappingNode file, string path, string? basePath)
    {
        switch (file.Find("base")?.Value)
        {
            case null or TextNode { IsNull: true }:
                _binder.Complain(
                    file.Where, "'base' is missing: expected the configuration that all runs begin with, a YAML file or its keys");
                return (null, "");
            case TextNode name:
                basePath ??= Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name.Text);
                break;
            case MappingNode inline when basePath is null:
                return (inline, YamlText.Write(inline));
            case ListNode list:
                _binder.Complain(list.Where, "'base' is a list: expected a YAML file or the keys of a configuration");
                return (null, "");
        }

        var text = ConfigurationReading.ReadFile(basePath!);
        return (ConfigurationReading.ReadNode(text, basePath!, _binder), text);
    }

    private int?[] Seeds(MappingEntry given)
    {
        if (given.Value is TextNode)
        {
            var count = _binder.Bind(typeof(int), given.Value, "seeds") as int?;
            if (count < 1)
            {
                _binder.Complain(given.Where, $"'seeds' is {count}: expected how many seeds, at least 1, or a list of them");
            }

            if (count > SweepSpace.MostRuns)
            {
                _binder.Complain(given.Where, $"'seeds' is {count}: expected at most {SweepSpace.MostRuns}");
            }

            return [.. Enumerable.Range(0, Math.Clamp(count ?? 1, 1, SweepSpace.MostRuns)).Select(seed => (int?)seed)];
        }

        int?[] seeds = _binder.Bind(typeof(ImmutableArray<int>), given.Value, "seeds") is ImmutableArray<int> list
            ? [.. list.Select(seed => (int?)seed)]
            : [];
        if (seeds.Length == 0 || seeds.Distinct().Count() < seeds.Length)
        {
            _binder.Complain(given.Where, seeds.Length == 0
                ? "'seeds' is empty: expected how many seeds, or a list of them"
                : "'seeds' has one seed twice");
        }

        return seeds;
    }

    private void MakeRuns(IReadOnlyList<ImmutableArray<ConfigurationOverride>> settings, int?[] seeds)
    {
        var threads = new ConfigurationOverride(new Place("threads"), ["threads"], new TextNode(new Place("threads"), "1", false));
        ConfigurationOverride[] always = Keys.Contains("threads") || (_base as MappingNode)?.Find("threads") is not null ? [] : [threads];
        var digits = Math.Max(3, (settings.Count * seeds.Length).ToString(CultureInfo.InvariantCulture).Length);
        foreach (var combination in settings)
        {
            foreach (var seed in seeds)
            {
                var name = (_runs.Count + 1).ToString($"D{digits}", CultureInfo.InvariantCulture);
                var values =
                    combination.Select(setting => KeyValuePair.Create(string.Join('.', setting.Path), YamlText.WriteLine(setting.Value)));
                ConfigurationOverride[] own = seed is { } number ? [new ConfigurationOverride(
                    new Place("seeds"), ["seed"], new TextNode(new Place("seeds"), ConfigurationText.Write(number), false))] : [];
                _runs.Add((new SweepRun(name, [.. values], seed), [.. combination, .. own, .. always]));
            }
        }
    }
}
