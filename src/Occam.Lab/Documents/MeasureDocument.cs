using Occam.Data;
using Occam.Lab.Measuring;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam measure --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network, and what was done to it.</param>
/// <param name="Data">The examples.</param>
/// <param name="Measures">What was found, in the order asked for.</param>
public sealed record MeasureDocument(string Occam, NetworkEntry Network, DataEntry Data, IReadOnlyList<ResultEntry> Measures)
{
    /// <summary>The document of what was measured.</summary>
    public static MeasureDocument Of(MeasuredNetwork measured, DataOptions options, bool perExample) => new(
        RunEnvironment.Version,
        NetworkEntry.Of(measured),
        DataEntry.Of(measured.Data, options),
        [.. measured.Results.Select(result => ResultEntry.Of(result, perExample))]);
}
