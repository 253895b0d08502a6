using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>A quantity by layer as bars.</summary>
internal static class LayerChart
{
    private const double RangeOfLogScale = 100;

    /// <summary>Makes the chart, logarithmic where the values differ much.</summary>
    /// <param name="title">The quantity.</param>
    /// <param name="notes">The measure's notes, one of which says what "by layer" means.</param>
    /// <param name="series">The values of one network, or of several with their names.</param>
    public static Chart Of(string title, IEnumerable<string> notes, params (string Name, ImmutableArray<LayerValue> Layers)[] series)
    {
        const string aboutLayers = "by layer: ";
        var all = series.SelectMany(each => each.Layers).Select(layer => layer.Value).ToArray();
        var isLog = all.All(value => value > 0 && double.IsFinite(value)) && all.Max() > RangeOfLogScale * all.Min();
        var axis = isLog ? new Axis(title, Scale.Log) : new Axis(title, Minimum: all.Min() < 0 ? null : 0);
        var caption = notes.FirstOrDefault(note => note.StartsWith(aboutLayers, StringComparison.Ordinal))?[aboutLayers.Length..];
        return new Chart(RichText.WithScripts($"{title} by layer"), axis, new Axis("", Scale.Category), [.. series.Select(Bars)])
        {
            Caption = caption is null ? default(RichText?) : $"{char.ToUpperInvariant(caption[0])}{caption[1..]}.",
        };
    }

    private static Bars Bars((string Name, ImmutableArray<LayerValue> Layers) series) =>
        new([.. series.Layers.Select(layer => layer.Name)], [.. series.Layers.Select(layer => layer.Value)])
        {
            Name = series.Name.Length == 0 ? null : series.Name,
            Errors = series.Layers.Any(layer => layer.StandardError != 0) ? [.. series.Layers.Select(layer => layer.StandardError)] : null,
        };
}
