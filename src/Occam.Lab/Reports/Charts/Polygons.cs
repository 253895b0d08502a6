using System.Text.Json.Serialization;

namespace Occam.Lab.Reports.Charts;

/// <summary>Filled polygons, such as a network's linear regions, coloured one by one by the figure's <see cref="Figure.Shade"/>.</summary>
/// <param name="Cells">The corners of each polygon, in order around it.</param>
/// <param name="Shades">A value for each polygon; what has none, NaN, is gray.</param>
public sealed record Polygons([property: JsonIgnore] IReadOnlyList<IReadOnlyList<(double X, double Y)>> Cells, IReadOnlyList<double> Shades)
    : Mark
{
    /// <summary>A value for each polygon.</summary>
    public IReadOnlyList<double> Shades { get; init; } = AsLongAs(Shades, Cells.Count, nameof(Shades));

    // Thousands of cells in a page: their corners to single precision, which no screen tells apart.
    [JsonInclude]
    private IEnumerable<float> X => Cells.SelectMany(cell => cell.Select(corner => (float)corner.X));

    [JsonInclude]
    private IEnumerable<float> Y => Cells.SelectMany(cell => cell.Select(corner => (float)corner.Y));

    [JsonInclude]
    private IEnumerable<int> Corners => Cells.Select(cell => cell.Count);
}
