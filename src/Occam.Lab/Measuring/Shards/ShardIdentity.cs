using System.Text.Json.Serialization;

namespace Occam.Lab.Measuring.Shards;

/// <summary>What all parts of one measuring have in common: parts that differ in any of it are never merged.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Libtorch">The version of libtorch.</param>
/// <param name="Network">The digest of the network's file, and of further files with weights.</param>
/// <param name="Data">The digest of what was measured on: the number of examples, shape, normalization, all labels and targets, and
/// some dozens of examples evenly spread.</param>
/// <param name="Examples">How many examples there are in all shards together.</param>
/// <param name="Shards">How many shards there are.</param>
/// <param name="Batch">How many examples are computed at once.</param>
/// <param name="Threads">How many threads one operator uses, on which the last digits may depend.</param>
/// <param name="Arguments">The arguments of <c>occam measure</c>, but for the shard and where results go.</param>
internal sealed record ShardIdentity(
    string Occam, string Libtorch, string Network, string Data, int Examples, int Shards, int Batch, int Threads,
    IReadOnlyList<string> Arguments)
{
    /// <summary>The arguments as one types them.</summary>
    [JsonIgnore]
    public string Command => string.Join(' ', Arguments.Select(argument => argument.Contains(' ') ? $"'{argument}'" : argument));

    /// <summary>In what this part differs from another, in words that follow "is of"; null where it doesn't.</summary>
    public string? DifferenceFrom(ShardIdentity other)
    {
        (string What, object Mine, object Theirs)[] all =
        [
            ("another version of Occam", Occam, other.Occam),
            ("another version of libtorch", Libtorch, other.Libtorch),
            ("another network", Network, other.Network),
            ("other data", Data, other.Data),
            ("another number of examples", Examples, other.Examples),
            ("another number of shards", Shards, other.Shards),
            ("another number of threads", Threads, other.Threads),
            ("another batch", Batch, other.Batch),
            ("other settings", Command, other.Command),
        ];
        return all.Where(pair => !Equals(pair.Mine, pair.Theirs))
            .Select(pair => $"{pair.What} ({pair.Mine} against {pair.Theirs})").FirstOrDefault();
    }
}
