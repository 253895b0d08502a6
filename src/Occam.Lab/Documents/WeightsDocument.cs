using Occam.Measures;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam measure W.safetensors --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Weights">The path of the weights.</param>
/// <param name="Measures">What was found, in the order asked for.</param>
public sealed record WeightsDocument(string Occam, string Weights, IReadOnlyList<ResultEntry> Measures)
{
    internal static WeightsDocument Of(string path, IEnumerable<MeasureResult> results) =>
        new(RunEnvironment.Version, path, [.. results.Select(result => ResultEntry.Of(result, perExample: false))]);
}
