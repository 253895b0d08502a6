using System.Collections.Immutable;
using Occam.Lab.Runs.Configuration;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>
/// The settings that a sweep file spans: every combination of a value for each key of <c>grid</c>, an entry of
/// <c>list</c>, and a draw of <c>random</c>, where they are given. Mistakes go to the binder.
/// </summary>
internal sealed class SweepSpace(ConfigurationBinder binder)
{
    /// <summary>The most runs of a sweep.</summary>
    public const int MostRuns = 10_000;

    private readonly List<string> _keys = [];

    /// <summary>The swept keys in the order of writing.</summary>
    public ImmutableArray<string> Keys => [.. _keys];

    /// <summary>The settings, each of all keys.</summary>
    public IReadOnlyList<ImmutableArray<ConfigurationOverride>> Of(MappingNode file)
    {
        List<ImmutableArray<ConfigurationOverride>> combinations = [[]];
        if (file.Find("grid") is { } grid)
        {
            foreach (var entry in Entries(grid))
            {
                combinations = Times(
                    combinations,
                    [.. Choices(entry, "grid").Select(value => (ImmutableArray<ConfigurationOverride>)[Set(entry.Key, value)])],
                    entry.Where);
            }
        }

        if (file.Find("list") is { } list)
        {
            combinations = Times(combinations, Listed(list), list.Where);
        }

        if (file.Find("random") is { } random)
        {
            combinations = Times(combinations, Drawn(random), random.Where);
        }

        foreach (var twice in combinations.GroupBy(Text).Where(group => group.Key.Length > 0 && group.Count() > 1))
        {
            binder.Complain(
                twice.First()[0].Where,
                $"{twice.Count()} runs have the same settings, {twice.Key}: give each once, and 'seeds' for repetitions");
        }

        return combinations;
    }

    /// <summary>Settings in a line.</summary>
    public static string Text(ImmutableArray<ConfigurationOverride> settings) =>
        string.Join(", ", settings.Select(setting => $"{string.Join('.', setting.Path)}={YamlText.WriteLine(setting.Value)}"));

    private static ConfigurationOverride Set(string key, ConfigurationNode value) => new(value.Where, [.. key.Split('.')], value);

    private List<ImmutableArray<ConfigurationOverride>> Times(
        List<ImmutableArray<ConfigurationOverride>> first, List<ImmutableArray<ConfigurationOverride>> second, Place where)
    {
        if (second.Count == 0)
        {
            return first;
        }

        if ((long)first.Count * second.Count > MostRuns)
        {
            binder.Complain(where, $"the sweep would have {(long)first.Count * second.Count} settings and more: expected at most "
                + $"{MostRuns}; draw some at random");
            return first;
        }

        return [.. first.SelectMany(_ => second, (one, other) => one.AddRange(other))];
    }

    // The keys of a part of the file, each of which may be swept once.
    private ImmutableArray<MappingEntry> Entries(MappingEntry part)
    {
        if (part.Value is not MappingNode { Entries.Length: > 0 } mapping)
        {
            binder.Complain(part.Where, $"'{part.Key}' is {part.Value.Kind}: expected keys of a configuration, such as "
                + "optimizer.learning-rate, with the values to take");
            return [];
        }

        foreach (var entry in mapping.Entries)
        {
            Add(entry);
        }

        return mapping.Entries;
    }

    private void Add(MappingEntry entry)
    {
        if (entry.Key == "seed")
        {
            binder.Complain(entry.Where, "a seed is no hyperparameter: give 'seeds', a number of them or a list");
        }
        else if (entry.Key.Count(letter => letter == '.') >= YamlReader.Deepest)
        {
            binder.Complain(entry.Where, $"'{PrintableText.Short(entry.Key)}' is no key of a configuration");
        }
        else if (_keys.Contains(entry.Key))
        {
            binder.Complain(entry.Where, $"'{entry.Key}' is swept twice: give all its values in one place");
        }
        else
        {
            _keys.Add(entry.Key);
        }
    }

    private ImmutableArray<ConfigurationNode> Choices(MappingEntry entry, string part)
    {
        if (entry.Value is ListNode { Items.Length: > 0 } list)
        {
            return list.Items;
        }

        binder.Complain(
            entry.Where, $"'{part}.{entry.Key}' is {(entry.Value is ListNode ? "an empty list" : entry.Value.Kind)}: expected a list of "
                + "the values to take, such as [0.01, 0.1]");
        return [];
    }

    private List<ImmutableArray<ConfigurationOverride>> Listed(MappingEntry part)
    {
        if (part.Value is not ListNode { Items.Length: > 0 } list
            || list.Items.Any(item => item is not MappingNode { Entries.Length: > 0 }))
        {
            binder.Complain(
                part.Where, "'list' expects settings one after the other, such as - { batch: 16, optimizer.learning-rate: 0.1 }");
            return [];
        }

        MappingNode[] items = [.. list.Items.Cast<MappingNode>()];
        foreach (var entry in items[0].Entries)
        {
            Add(entry);
        }

        foreach (var item in items)
        {
            var missing = items[0].Entries.Select(entry => entry.Key).Except(item.Entries.Select(entry => entry.Key)).ToArray();
            var other = item.Entries.Select(entry => entry.Key).Except(items[0].Entries.Select(entry => entry.Key)).ToArray();
            if (missing.Length + other.Length > 0)
            {
                binder.Complain(item.Where, "every entry of 'list' has the same keys: "
                    + $"{(missing.Length > 0 ? $"'{missing[0]}' is missing here" : $"'{other[0]}' is not in the first")}");
            }
        }

        // In the order of the first, so that values stand in the order of the keys.
        return [.. items.Select(item => items[0].Entries.Select(first => item.Find(first.Key))
            .OfType<MappingEntry>()
            .Select(entry => Set(entry.Key, entry.Value))
            .ToImmutableArray())];
    }

    private List<ImmutableArray<ConfigurationOverride>> Drawn(MappingEntry part)
    {
        var mapping = part.Value as MappingNode ?? new MappingNode(part.Where, []);
        foreach (var unknown in mapping.Entries.Where(entry => entry.Key is not ("count" or "seed" or "keys")))
        {
            binder.Complain(
                unknown.Where,
                $"unknown key 'random.{unknown.Key}'{Nearest.Hint(unknown.Key, ["count", "seed", "keys"])} "
                    + "'random' takes count, seed, keys");
        }

        if (mapping.Find("keys") is not { } keys || mapping.Find("count") is not { } counted)
        {
            binder.Complain(part.Where, "'random' expects 'count', how many settings to draw, and 'keys' with a range or a list each, "
                + "such as optimizer.learning-rate: { from: 0.001, to: 0.1, log: true }");
            return [];
        }

        var count = binder.Bind(typeof(int), counted.Value, "random.count") as int? ?? 0;
        var seed = mapping.Find("seed") is { } given ? binder.Bind(typeof(int), given.Value, "random.seed") as int? ?? 0 : 0;
        if (count is < 1 or > MostRuns)
        {
            binder.Complain(counted.Where, $"'random.count' is {count}: expected a number from 1 to {MostRuns}");
            return [];
        }

        var draws = Entries(keys).Select(entry => (entry.Key, Draw: Draw(entry))).ToArray();

        // A stream each: a longer sweep begins as the shorter one did.
        return [.. Enumerable.Range(0, count)
            .Select(i => new SeededRandom(seed, i))
            .Select(random => draws.Select(draw => Set(draw.Key, draw.Draw(random))).ToImmutableArray())];
    }

    private Func<SeededRandom, ConfigurationNode> Draw(MappingEntry entry)
    {
        if (entry.Value is MappingNode && binder.Bind(typeof(RandomRange), entry.Value, $"random.keys.{entry.Key}") is RandomRange range)
        {
            if (range.Problem is { } problem)
            {
                binder.Complain(entry.Where, problem);
                return _ => entry.Value;
            }

            return random => new TextNode(entry.Where, range.Draw(random), false);
        }

        var choices = entry.Value is MappingNode ? [] : Choices(entry, "random.keys");
        return random => choices.IsEmpty ? entry.Value : choices[random.NextInt(choices.Length)];
    }
}
