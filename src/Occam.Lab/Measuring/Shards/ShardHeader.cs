using System.Text.Json.Serialization;

namespace Occam.Lab.Measuring.Shards;

/// <summary>The first line of a part's file.</summary>
/// <param name="Part">The version of the format.</param>
/// <param name="Identity">What all parts have in common.</param>
/// <param name="Shard">Which shard it is, from 1.</param>
/// <param name="First">The number of its first example.</param>
/// <param name="Count">How many examples it has.</param>
/// <param name="IsComplete">Whether it is whole, and not what an interrupted run left to go on with.</param>
/// <param name="Processor">The processor that computed it, on which the last digits may depend.</param>
/// <param name="Folder">The folder in which the arguments' files are.</param>
internal sealed record ShardHeader(
    int Part, ShardIdentity Identity, int Shard, int First, int Count, bool IsComplete, string Processor, string Folder)
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;
}

/// <summary>What the serializer knows of the header without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ShardHeader))]
internal sealed partial class ShardHeaderContext : JsonSerializerContext;
