using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Watching;

/// <summary>What the serializer knows of the files of a watched run without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WatchLog))]
internal sealed partial class WatchContext : JsonSerializerContext;
