using System.Collections;
using System.Collections.Immutable;
using Occam.Lab.Runs.Networks;
using Occam.Torch;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Makes records of nodes, gathers every mistake on the way, and remembers where each key was written.</summary>
internal sealed class ConfigurationBinder
{
    private const int MostProblems = 100;

    private readonly List<ConfigurationProblem> _problems = [];
    private readonly Dictionary<string, Place> _places = [];
    private readonly HashSet<string> _standIns = [];

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>Where a key was written, or the nearest one that holds it.</summary>
    public Place PlaceOf(string path)
    {
        for (var at = path; ; at = at[..Math.Max(0, at.LastIndexOf('.'))])
        {
            if (_places.TryGetValue(at, out var place))
            {
                return place;
            }
        }
    }

    /// <summary>
    /// Where a value was written that makes no sense as a whole: at the part of it that was set beside the file, such as by a
    /// sweep, where that is one.
    /// </summary>
    public Place PlaceOfMistake(string path)
    {
        var own = PlaceOf(path);
        return _places.Where(pair => pair.Key.StartsWith($"{path}.", StringComparison.Ordinal) && pair.Value.Source != own.Source)
            .Select(pair => pair.Value).ToArray() is [var part] ? part : own;
    }

    /// <summary>
    /// Whether something stands in for the value of a key that is missing or can't be read, and nothing can be told by it.
    /// </summary>
    public bool StandsIn(string key) => _standIns.Contains(key);

    /// <summary>Whether a key was written, and nothing is wrong with how.</summary>
    public bool IsSound(string path) => _places.TryGetValue(path, out var place) && _problems.All(problem => problem.Where != place);

    /// <summary>
    /// A value of a type. Every mistake on the way is remembered, and what can't be read is left out; null where nothing
    /// is left.
    /// </summary>
    public object? Bind(Type type, ConfigurationNode node, string path = "")
    {
        _places[path] = node.Where;
        if (ConfigurationText.IsOne(type))
        {
            return One(type, node, path);
        }

        if (ConfigurationShape.IsList(type))
        {
            return Several(type, node, path);
        }

        if (!ConfigurationShape.IsFamily(type))
        {
            return node is MappingNode mapping
                ? Record(ConfigurationShape.Of(type), mapping, path, null)
                : Wrong(node, path, "a mapping of keys");
        }

        return Member(type, node, path);
    }

    /// <summary>Remembers a mistake, unless there are so many already that the text is something else.</summary>
    public void Complain(Place where, string message)
    {
        if (_problems.Count <= MostProblems)
        {
            _problems.Add(new ConfigurationProblem(where, _problems.Count < MostProblems ? message : "there are more mistakes than these"));
        }
    }

    private object? One(Type type, ConfigurationNode node, string path)
    {
        if (node is not TextNode text)
        {
            return Wrong(node, path, ConfigurationText.Expected(type).Replace("`", "'"));
        }

        try
        {
            return ConfigurationText.Parse(type, text);
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            Complain(node.Where, $"'{path}': {e.Message}");
            return null;
        }
    }

    // One value stands for a list of one.
    private object? Several(Type several, ConfigurationNode node, string path)
    {
        var type = several.GenericTypeArguments[0];
        ConfigurationNode[] items = node switch
        {
            ListNode list => [.. list.Items],
            TextNode { IsNull: true } => [],
            _ => [node],
        };
        object[] read = [.. items.Select((item, i) => Bind(type, item, $"{path}.{i}")).OfType<object>()];
        var values = Array.CreateInstance(type, read.Length);
        read.CopyTo(values, 0);
        var array = typeof(ImmutableArray).GetMethods()
            .First(method => method.Name == nameof(ImmutableArray.CreateRange) && method.GetParameters().Length == 1)
            .MakeGenericMethod(type).Invoke(null, [values])!;
        return several.IsInstanceOfType(array) ? array : Activator.CreateInstance(several, array);
    }

    private object? Member(Type family, ConfigurationNode node, string path)
    {
        var members = ConfigurationShape.Members(family);
        var id = node switch
        {
            TextNode text => text,
            MappingNode mapping => mapping.Find(ConfigurationShape.Id)?.Value as TextNode,
            _ => null,
        };
        var name = id?.Text
            ?? (node is MappingNode { } own && own.Find(ConfigurationShape.Id) is null ? ConfigurationShape.DefaultId(family) : null);
        if (name is null)
        {
            Complain(node.Where, members.IsEmpty ? $"'{path}': there is none yet to choose from"
                : $"'{path}' is {node.Kind}{(node is MappingNode ? " without an id" : "")}: expected an id, {OneOf(family)}, and its keys");
            return null;
        }

        if (!members.TryGetValue(name, out var type))
        {
            if (name.IndexOf('(') is > 0 and var open && members.ContainsKey(name[..open].Trim()))
            {
                var keys = name[(open + 1)..].TrimEnd().TrimEnd(')').Replace("=", ": ");
                Complain(
                    id!.Where, $"'{path}' takes parameters as keys: write {{ id: {name[..open].Trim()}, {keys} }} in place of '{name}'");
                return null;
            }

            var all = ConfigurationShape.Catalogue(family) is { } command
                ? $"'{command}' lists all {members.Count}" : $"There are {string.Join(", ", members.Keys)}";
            Complain(id!.Where, members.IsEmpty ? $"unknown '{path}' {PrintableText.Short(name)}: there is none"
                : $"unknown '{path}' {PrintableText.Short(name)}{Nearest.Hint(name, members.Keys)} {all}");
            return null;
        }

        var member = Record(ConfigurationShape.Of(type), node as MappingNode ?? new MappingNode(node.Where, []), path, name);
        if (member is NetworkRecipe recipe && recipe.Problem() is var (key, why))
        {
            Complain(PlaceOf(Join(path, key)), why);
        }

        return member;
    }

    private object? Record(ConfigurationShape shape, MappingNode mapping, string path, string? id)
    {
        var values = new Dictionary<string, object?>();
        foreach (var entry in mapping.Entries)
        {
            if (id is not null && entry.Key == ConfigurationShape.Id)
            {
                continue;
            }

            if (shape.Keys.FirstOrDefault(key => key.Name == entry.Key) is not { } known)
            {
                var name = PrintableText.Short(Join(path, entry.Key));
                Complain(entry.Where, $"unknown key '{name}': {Suggestion(shape, entry.Key, path, id)}");
            }
            else if (entry.Value is TextNode { IsNull: true } && known.IsOptional)
            {
                _places[Join(path, entry.Key)] = entry.Where;
            }
            else if (Bind(known.Type, entry.Value, Join(path, entry.Key)) is { } value)
            {
                values[known.Member] = value;
            }
        }

        foreach (var missing in shape.Keys.Where(key => !key.IsOptional && mapping.Find(key.Name) is null))
        {
            Complain(mapping.Where, $"'{Join(path, missing.Name)}' is missing: expected {Wanted(missing.Type)}");
        }

        // So that the other keys can be looked at all the same.
        foreach (var lost in shape.Keys.Where(
            key => path.Length == 0 && !key.IsOptional && !values.ContainsKey(key.Member) && ConfigurationShape.IsFamily(key.Type)))
        {
            values[lost.Member] = Family.Prototype(ConfigurationShape.Members(lost.Type).Values.First());
            _standIns.Add(lost.Name);
        }

        return shape.Keys.All(key => key.IsOptional || values.ContainsKey(key.Member)) ? shape.Make(values) : null;
    }

    private static string Suggestion(ConfigurationShape shape, string key, string path, string? id)
    {
        var known = shape.Keys.Select(own => own.Name).ToArray();
        var owner = id is not null ? (path.Length > 0 ? $"the {path} '{id}'" : $"'{id}'")
            : path.Length > 0 ? $"'{path}'"
            : "a configuration";
        return known.Length == 0
            ? $"{owner} takes no keys"
            : Nearest.Find(key, known) is { } near
                ? $"did you mean '{near}'? {char.ToUpperInvariant(owner[0])}{owner[1..]} takes {string.Join(", ", known)}"
                : $"{owner} takes {string.Join(", ", known)}";
    }

    private static string Wanted(Type type) =>
        ConfigurationText.IsOne(type) ? ConfigurationText.Expected(type).Replace("`", "'")
        : ConfigurationShape.IsFamily(type) ? OneOf(type)
        : typeof(IEnumerable).IsAssignableFrom(type) ? "a list"
        : "a mapping of keys";

    private static string OneOf(Type family) => ConfigurationShape.Catalogue(family) is { } command
        ? $"one of those that '{command}' lists" : $"one of {string.Join(", ", ConfigurationShape.Members(family).Keys)}";

    private object? Wrong(ConfigurationNode node, string path, string expected)
    {
        Complain(node.Where, $"'{path}' is {node.Kind}: expected {expected}");
        return null;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
