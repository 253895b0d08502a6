using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>What the serializer knows of a sweep's file without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SweepPlan))]
internal sealed partial class SweepContext : JsonSerializerContext;
