using System.Text.Json.Serialization;
using Occam.Lab.Text;

namespace Occam.Lab.Runs.Clusters;

/// <summary>The arrays that were submitted for a work, so that the same command again waits for them and submits nothing twice.</summary>
/// <param name="Arrays">By job id, the names of the tasks in the order of their numbers.</param>
internal sealed record SlurmState(SortedDictionary<string, IReadOnlyList<string>> Arrays)
{
    private const string FileName = "slurm.json";

    private static readonly KeptJson s_json = new(SlurmStateContext.Default);

    /// <summary>Reads it; nothing was submitted where there is no file.</summary>
    /// <exception cref="OccamException">It is damaged.</exception>
    public static SlurmState Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? s_json.ReadFile<SlurmState>(path) : new SlurmState([]);
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="OccamException">It can't be written there.</exception>
    public void Write(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(s_json.WithDigest(this)));
}

/// <summary>What the serializer knows of the file without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SlurmState))]
internal sealed partial class SlurmStateContext : JsonSerializerContext;
