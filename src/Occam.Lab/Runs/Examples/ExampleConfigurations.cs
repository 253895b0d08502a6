using System.Collections.Immutable;

namespace Occam.Lab.Runs.Examples;

/// <summary>Configurations to begin with, with comments: the YAML files beside this one.</summary>
public static class ExampleConfigurations
{
    private const string Prefix = "example.";

    /// <summary>The name of the first to try.</summary>
    public const string First = "mlp-glyphs";

    /// <summary>Their texts by name.</summary>
    public static ImmutableSortedDictionary<string, string> All { get; } = typeof(ExampleConfigurations).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(name => Path.GetFileNameWithoutExtension(name[Prefix.Length..]), Read, StringComparer.Ordinal);

    /// <summary>The text of a name.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public static string Find(string name) =>
        All.TryGetValue(name, out var text) ? text : throw new OccamException(
            $"there is no example '{name}'{Nearest.Hint(name, All.Keys)} There are {string.Join(", ", All.Keys)}");

    /// <summary>What an example is, from the comment at its beginning.</summary>
    public static string Title(string name) =>
        string.Join(' ', Find(name).Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim()));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(ExampleConfigurations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
