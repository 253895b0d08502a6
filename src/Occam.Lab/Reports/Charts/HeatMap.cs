namespace Occam.Lab.Reports.Charts;

/// <summary>A function of two variables as a grid of coloured cells, by the figure's <see cref="Figure.Shade"/>.</summary>
/// <param name="Left">Where the first column begins.</param>
/// <param name="Right">Where the last column ends.</param>
/// <param name="Bottom">Where the first row begins.</param>
/// <param name="Top">Where the last row ends.</param>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Values">The values at the cells' centres, row by row from the bottom; NaN leaves a cell empty.</param>
public sealed record HeatMap(double Left, double Right, double Bottom, double Top, int Columns, IReadOnlyList<float> Values) : Mark
{
    /// <summary>The values.</summary>
    public IReadOnlyList<float> Values { get; init; } = Columns > 0 && Values.Count > 0 && Values.Count % Columns == 0
        ? Values
        : throw new ArgumentException($"{Values.Count} values for rows of {Columns}", nameof(Values));

    /// <summary>The values along which lines are drawn; none when null.</summary>
    public IReadOnlyList<double>? Isolines { get; init; }

    /// <summary>A function at the centres of a grid's cells.</summary>
    public static HeatMap Of(
        double left, double right, double bottom, double top, int columns, int rows, Func<double, double, double> function) =>
        new(left, right, bottom, top, columns,
            [.. from row in Enumerable.Range(0, rows)
                from column in Enumerable.Range(0, columns)
                select (float)function(
                    left + ((column + 0.5) / columns * (right - left)), bottom + ((row + 0.5) / rows * (top - bottom)))]);
}
