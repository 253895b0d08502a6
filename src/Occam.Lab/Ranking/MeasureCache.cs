using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Occam.Lab.Runs.Store;
using Occam.Lab.Text;

namespace Occam.Lab.Ranking;

/// <summary>
/// What was measured on a run's network, in its folder, so that a second ranking is quick. It holds for one network, by its
/// file's digest, and one version of Occam; otherwise it is empty.
/// </summary>
internal sealed partial class MeasureCache
{
    private const string Name = "measures.json";

    private static readonly KeptJson s_json = new(Context.Default);

    private readonly string _path;
    private readonly string _digest;
    private readonly SortedDictionary<string, MeasuredValue> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RunErrors> _errors = new(StringComparer.Ordinal);

    private MeasureCache(string folder)
    {
        _path = Path.Combine(folder, Name);
        using (var network = PlainFile.Open(Path.Combine(folder, RunFolder.NetworkName)))
        {
            _digest = Convert.ToHexStringLower(SHA256.HashData(network));
        }

        if (!File.Exists(_path) || Read() is not { } content || content.Network != _digest || content.Occam != RunEnvironment.Version)
        {
            return;
        }

        foreach (var (key, value) in content.Values)
        {
            _values[key] = value;
        }

        foreach (var (key, value) in content.Errors)
        {
            _errors[key] = value;
        }
    }

    /// <summary>What is known of the network in a run's folder.</summary>
    /// <exception cref="OccamException">The file is a link, which would be written to.</exception>
    public static MeasureCache Open(string folder)
    {
        OwnFiles.RefuseLinks(folder, [Name]);
        return new(folder);
    }

    public MeasuredValue? Find(string key) => _values.GetValueOrDefault(key);

    public RunErrors? FindErrors(string key) => _errors.GetValueOrDefault(key);

    /// <summary>Keeps a value.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public void Keep(string key, MeasuredValue value)
    {
        _values[key] = value;
        Write();
    }

    /// <summary>Keeps errors.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public void Keep(string key, RunErrors errors)
    {
        _errors[key] = errors;
        Write();
    }

    private Content? Read()
    {
        try
        {
            return s_json.ReadFile<Content>(_path);
        }
        catch (OccamException)
        {
            // Damaged: what it held can be measured again.
            return null;
        }
    }

    private void Write() => AtomicFile.Write(_path, stream => stream.Write(
        s_json.WithDigest(
            new Content(RunEnvironment.Version, _digest, _errors.ToImmutableSortedDictionary(), _values.ToImmutableSortedDictionary()))));

    internal sealed record Content(
        string Occam,
        string Network,
        ImmutableSortedDictionary<string, RunErrors> Errors,
        ImmutableSortedDictionary<string, MeasuredValue> Values);

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class Context : JsonSerializerContext;
}
