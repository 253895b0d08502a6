using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Store;

/// <summary>Where a run was begun, and by what: <c>environment.json</c>.</summary>
/// <param name="Environment">Versions and machine.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="Threads">How many threads one operator may use: sums of other thread counts are other sums.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Started">When it was begun.</param>
/// <param name="Folder">The working folder, from which the configuration's paths are.</param>
/// <param name="Command">The command line.</param>
public sealed record RunOrigin(
    RunEnvironment Environment, string Device, int Threads, int Seed, DateTimeOffset Started, string Folder, string Command)
{
    /// <summary>The digests of the files that stay as they were when the run began, by name; null in runs of older versions, whose files
    /// have none.</summary>
    public ImmutableSortedDictionary<string, string>? Digests { get; init; }

    /// <summary>The folder from which another program's networks were measured; null for a run that Occam trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Watched { get; init; }
}
