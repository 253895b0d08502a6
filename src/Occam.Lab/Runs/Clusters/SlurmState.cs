using System.Text.Json;
using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Clusters;

/// <summary>The arrays that were submitted for a work, so that the same command again waits for them and submits nothing twice.</summary>
/// <param name="Arrays">By job id, the names of the tasks in the order of their numbers.</param>
internal sealed record SlurmState(SortedDictionary<string, IReadOnlyList<string>> Arrays)
{
    private const string FileName = "slurm.json";
    private const long Longest = 64 << 20;

    public static SlurmState Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var state = File.Exists(path)
                ? JsonSerializer.Deserialize(PlainFile.ReadAllBytes(path, Longest), SlurmStateContext.Default.SlurmState)
                : null;
            return state ?? new SlurmState([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new OccamException($"can't read '{path}', which says what was submitted: {e.Reason()}", e);
        }
    }

    public void Write(string folder) => AtomicFile.Write(
        Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, SlurmStateContext.Default.SlurmState));
}

/// <summary>What the serializer knows of the file without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SlurmState))]
internal sealed partial class SlurmStateContext : JsonSerializerContext;
