using System.Text.Json.Serialization;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>What the serializer knows of the files of a run without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(RunOrigin))]
[JsonSerializable(typeof(Metric))]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class RunContext : JsonSerializerContext;
