using System.Collections.Immutable;
using Occam.Measures;
using YamlDotNet.Core;

namespace Occam.Lab.Runs.Configuration;

/// <summary>
/// Measures as commands write them: ids with commas between them, parameters in parentheses, their values YAML:
/// <c>group-norm(p=1), max-sharpness(steps=500, alpha=1e-3)</c>.
/// </summary>
/// <param name="source">What wrote them, for messages: an option.</param>
/// <param name="given">
/// Values for the measures that have such a parameter and don't say it themselves: by its name, or, of one measure, as <c>group-norm.p</c>.
/// </param>
public sealed class MeasureText(string source, IReadOnlyDictionary<string, string>? given = null)
{
    private readonly IReadOnlyDictionary<string, string> _given = given ?? ImmutableDictionary<string, string>.Empty;

    /// <summary>The measures of a list, in its order, each once.</summary>
    /// <exception cref="OccamException">A measure or a parameter is unknown, or a value can't be.</exception>
    public ImmutableArray<Measure> ReadAll(string text) =>
        [.. Split(text, ',').Select(part => part.Trim()).Where(part => part.Length > 0).Select(Read).Distinct()];

    /// <summary>One measure.</summary>
    /// <exception cref="OccamException">The measure or a parameter is unknown, or a value can't be.</exception>
    public Measure Read(string text)
    {
        var (id, arguments) = text.IndexOf('(') is var open and >= 0 ? (text[..open].Trim(), text[open..].Trim()) : (text.Trim(), "()");
        _ = MeasureCatalogue.Find(id);
        var where = new Place($"{source} '{text.Trim()}'");
        if (Split(arguments, ')').First().Length != arguments.Length - 1)
        {
            throw Wrong(where, "the parentheses don't close at its end: expected ID(PARAMETER=VALUE, …)");
        }

        var entries = ImmutableArray.CreateBuilder<MappingEntry>();
        entries.Add(new MappingEntry(ConfigurationShape.Id, where, new TextNode(where, id, false)));
        foreach (var argument in Split(arguments[1..^1], ',').Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            var (name, value) = argument.IndexOf('=') is > 0 and var equals && equals < argument.Length - 1
                ? (argument[..equals].Trim(), argument[(equals + 1)..].Trim())
                : throw Wrong(where, $"'{argument}' is no parameter: expected PARAMETER=VALUE");
            if (entries.Any(entry => entry.Key == name))
            {
                throw Wrong(where, $"'{name}' is there twice");
            }

            entries.Add(new MappingEntry(name, where, ReadValue(where, name, value)));
        }

        return Bind(id, new MappingNode(where, entries.ToImmutable()));
    }

    /// <summary>The parts of a text between the separators that stand outside of parentheses, brackets and quotes.</summary>
    internal static IEnumerable<string> Split(string text, char separator)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            depth += quote != '\0' ? 0 : letter is '(' or '[' or '{' ? 1 : letter is ')' or ']' or '}' ? -1 : 0;
            quote = quote == letter ? '\0' : quote == '\0' && letter is '\'' or '"' ? letter : quote;
            if (letter == separator && depth == 0 && quote == '\0')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private Measure Bind(string id, MappingNode mapping)
    {
        foreach (var key in ConfigurationShape.Of(MeasureCatalogue.Find(id).GetType()).Keys)
        {
            if (mapping.Find(key.Name) is null
                && (_given.TryGetValue($"{id}.{key.Name}", out var value) || _given.TryGetValue(key.Name, out value)))
            {
                mapping = mapping.With(key.Name, new TextNode(mapping.Where, value, false));
            }
        }

        var binder = new ConfigurationBinder();
        var measure = (Measure?)binder.Bind(typeof(Measure), mapping);
        return binder.Problems.Count > 0 ? throw new OccamException(string.Join("; ", binder.Problems))
            : measure!.Problem() is { } problem ? throw Wrong(mapping.Where, problem)
            : measure;
    }

    private static ConfigurationNode ReadValue(Place where, string name, string value)
    {
        try
        {
            return YamlText.Read(value, _ => where);
        }
        catch (YamlException e)
        {
            throw Wrong(where, $"the value of '{name}' is not YAML: {(e.InnerException ?? e).Reason()}");
        }
    }

    private static OccamException Wrong(Place where, string message) => new(new ConfigurationProblem(where, message).ToString());
}
