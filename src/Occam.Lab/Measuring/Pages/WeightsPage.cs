using Occam.Lab.Reports;
using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>What was measured of weights without their network, as a page.</summary>
internal static class WeightsPage
{
    /// <summary>What has to be known of all values.</summary>
    public const string Convention =
        "each tensor of at least two dimensions counts as a layer, an embedding's table, too; nothing is folded";

    /// <summary>Makes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">What was measured.</param>
    /// <param name="command">The command line that did.</param>
    /// <param name="moves">What is known to raise and lower a measure, by its id.</param>
    public static Page Of(string path, IReadOnlyList<MeasureResult> results, string command, Func<string, IReadOnlyList<string>> moves)
    {
        Block?[] blocks =
        [
            MeasurePage.Values(results, moves),
            MeasurePage.Layers(results),
            CurveSection.Of(results),
            new Section("Conventions", new Prose($"Of weights alone {Convention}.")),
        ];
        return new Page(Path.GetFileName(path), "Norms of its weights, without their network", [.. blocks.OfType<Block>()])
        {
            Command = command,
            Kicker = "Occam measure",
        };
    }
}
