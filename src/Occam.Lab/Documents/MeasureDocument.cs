using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Networks.Loading;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam measure --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network, and what was done to it.</param>
/// <param name="Data">The examples.</param>
/// <param name="Measures">What was found, in the order asked for.</param>
public sealed record MeasureDocument(string Occam, NetworkEntry Network, DataEntry Data, IReadOnlyList<ResultEntry> Measures)
{
    /// <summary>Begins to learn how such documents are written, while one is still being measured.</summary>
    internal static void Prepare() => DocumentJson.Prepare(new MeasureDocument(
        "",
        new NetworkEntry("", "", 0, [0], "", 0, new FunctionEntry("", null, [], [0]), 0, FinalActivation.None, "", "", [], [], [""]),
        new DataEntry("", "", 0, [0], 0, null, null, 0),
        [new ResultEntry("", null, "", 0.5, 0, true, null, null, null, "", new() { [""] = 0.5 }, [], [], [""], null, null, null)]));

    /// <summary>The document of what was measured.</summary>
    public static MeasureDocument Of(MeasuredNetwork measured, DataOptions options, bool perExample) => new(
        RunEnvironment.Version,
        NetworkEntry.Of(measured),
        DataEntry.Of(measured.Data, options),
        [.. measured.Results.Select(result => ResultEntry.Of(result, perExample))]);
}
