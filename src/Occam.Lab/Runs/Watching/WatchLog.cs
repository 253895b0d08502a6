using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Occam.Lab.Text;

namespace Occam.Lab.Runs.Watching;

/// <summary>
/// <c>watched.json</c>: which networks a watched run has the values of, and how many rows of its metrics they are. It is written after
/// the rows, so that a kill costs at most the network that was being measured, which is then measured anew.
/// </summary>
/// <param name="Rows">Rows of <c>metrics.jsonl</c>; what follows them is cut off.</param>
/// <param name="Files">The files, in the order of measuring.</param>
internal sealed record WatchLog(long Rows, ImmutableArray<WatchedFile> Files)
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "watched.json";

    private static readonly KeptJson s_json = new(WatchContext.Default);

    /// <summary>That of a folder; empty where there is none.</summary>
    /// <exception cref="OccamException">It is damaged.</exception>
    public static WatchLog Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? s_json.ReadFile<WatchLog>(path) : new WatchLog(0, []);
    }

    /// <summary>The greatest step of a network that was measured; 0 where none was.</summary>
    [JsonIgnore]
    public long LastStep => Files.Where(file => file.Problem is null).Select(file => file.Step).DefaultIfEmpty().Max();

    /// <summary>Whether a file was measured, or tried, with these bytes.</summary>
    public bool Has(string name, string digest) => Files.Any(file => file.Name == name && file.Digest == digest);

    /// <summary>Writes it.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(s_json.WithDigest(this)));
}
