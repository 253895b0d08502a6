using System.Text.Json.Serialization;
using Occam.Lab.Runs.Query;

namespace Occam.Lab.Documents;

/// <summary>What the serializer knows of documents without reflection: a line a kind.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(MeasureDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(WeightComparisonDocument))]
[JsonSerializable(typeof(WeightsDocument))]
[JsonSerializable(typeof(InferenceDocument))]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(RankingDocument))]
[JsonSerializable(typeof(ReproductionDocument))]
[JsonSerializable(typeof(MeasureCatalogueDocument))]
[JsonSerializable(typeof(PaperItemsDocument))]
[JsonSerializable(typeof(TextDocument))]
[JsonSerializable(typeof(InspectionDocument))]
[JsonSerializable(typeof(QueryResult))]
internal sealed partial class DocumentContext : JsonSerializerContext;
