using System.Collections.Immutable;
using Occam.Lab.Text;
using YamlDotNet.Core;

namespace Occam.Lab.Runs.Configuration;

/// <summary>What reading a configuration gave: the configuration, or everything that is wrong with it.</summary>
public sealed class ConfigurationReading
{
    /// <summary>The most bytes that a configuration's file has.</summary>
    internal const int LongestFile = 1 << 20;

    private readonly ConfigurationBinder _binder;

    private ConfigurationReading(string text, RunConfiguration? legible, ConfigurationBinder binder)
    {
        Text = text;
        Legible = legible;
        _binder = binder;
    }

    /// <summary>The YAML that says it all: the file's own text where nothing was set beside it.</summary>
    public string Text { get; }

    /// <summary>The configuration; null where there are <see cref="Problems"/>.</summary>
    public RunConfiguration? Configuration => _binder.Problems.Count == 0 ? Legible : null;

    /// <summary>
    /// What could be read, with defaults for the rest, and where there is none a value that <see cref="StandsIn"/> for it; null where the
    /// text is no configuration at all.
    /// </summary>
    internal RunConfiguration? Legible { get; }

    /// <summary>Every mistake of the writing, in the order of the lines.</summary>
    public ImmutableArray<ConfigurationProblem> Problems => [.. _binder.Problems.OrderBy(problem => problem.Where.Line)];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What to set beside it: <c>optimizer.learning-rate=0.1</c>.</param>
    /// <exception cref="OccamException">The file can't be read.</exception>
    public static ConfigurationReading OfFile(string path, IEnumerable<string>? settings = null) => OfText(ReadFile(path), path, settings);

    /// <summary>The text of a configuration's file.</summary>
    /// <exception cref="OccamException">The file can't be read.</exception>
    internal static string ReadFile(string path)
    {
        try
        {
            return CappedText.Read(path, LongestFile) ?? throw new OccamException(
                $"'{path}' is longer than {LongestFile} bytes, the most that a configuration has: is it another file?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var reason = Directory.Exists(path) ? "it is a folder; expected a YAML file"
                : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file; 'occam init' writes one to begin with"
                : e.Reason();
            throw new OccamException($"can't read the configuration '{path}': {reason}", e);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="settings">What to set beside it.</param>
    public static ConfigurationReading OfText(string text, string source, IEnumerable<string>? settings = null)
    {
        var binder = new ConfigurationBinder();
        if (ReadNode(text, source, binder) is not { } node)
        {
            return new ConfigurationReading(text, null, binder);
        }

        var parsed = new List<ConfigurationOverride>();
        foreach (var setting in settings ?? [])
        {
            try
            {
                parsed.Add(ConfigurationOverride.Parse(setting));
            }
            catch (OccamException e)
            {
                binder.Complain(new Place($"--set {PrintableText.Short(setting)}"), e.Message);
            }
        }

        return OfNode(node, text, parsed, binder);
    }

    /// <summary>The node that a text is, or null where it isn't YAML, which is then a problem.</summary>
    internal static ConfigurationNode? ReadNode(string text, string source, ConfigurationBinder binder)
    {
        try
        {
            return YamlText.Read(text, mark => new Place(source, (int)mark.Line, (int)mark.Column));
        }
        catch (YamlException e)
        {
            binder.Complain(
                new Place(source, (int)e.Start.Line, (int)e.Start.Column),
                $"this is not YAML: {(e.InnerException ?? e).Reason()}");
            return null;
        }
    }

    /// <summary>Reads what has been taken apart already.</summary>
    /// <param name="node">The configuration.</param>
    /// <param name="text">The same as it was written.</param>
    /// <param name="settings">What to set beside it.</param>
    /// <param name="binder">Where problems go.</param>
    internal static ConfigurationReading OfNode(
        ConfigurationNode node, string text, IEnumerable<ConfigurationOverride> settings, ConfigurationBinder binder)
    {
        var isSet = false;
        foreach (var setting in settings)
        {
            try
            {
                node = setting.Apply(node);
                isSet = true;
            }
            catch (OccamException e)
            {
                binder.Complain(setting.Where, e.Message);
            }
        }

        var configuration = (RunConfiguration?)binder.Bind(typeof(RunConfiguration), node);
        return new ConfigurationReading(isSet ? YamlText.Write(node) : text, configuration, binder);
    }

    /// <summary>The values by their keys' paths, <c>optimizer.learning-rate</c>, defaults among them.</summary>
    /// <exception cref="OccamException">There are problems.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Values => [.. ConfigurationValues.Of(Require())];

    /// <summary>The configuration.</summary>
    /// <exception cref="OccamException">There are problems: all of them, in one line.</exception>
    public RunConfiguration Require() => Configuration ?? throw new OccamException(string.Join("; ", Problems));

    /// <summary>Where a key stands, for problems that show later.</summary>
    internal Place PlaceOf(string path) => _binder.PlaceOf(path);

    /// <inheritdoc cref="ConfigurationBinder.PlaceOfMistake"/>
    internal Place PlaceOfMistake(string path) => _binder.PlaceOfMistake(path);

    /// <inheritdoc cref="ConfigurationBinder.StandsIn"/>
    internal bool StandsIn(string key) => _binder.StandsIn(key);

    /// <summary>Whether a key was written, and nothing is wrong with how.</summary>
    internal bool IsSound(string path) => _binder.IsSound(path);
}
