namespace Occam.Lab.Reports.Charts;

/// <summary>
/// A bar for each name, several series side by side; upright when the chart's X axis has <see cref="Scale.Category"/>, lying when its Y
/// axis has.
/// </summary>
public sealed record Bars(IReadOnlyList<string> Categories, IReadOnlyList<double> Values) : Mark
{
    /// <summary>The bars' lengths.</summary>
    public IReadOnlyList<double> Values { get; init; } = AsLongAs(Values, Categories.Count, nameof(Values));

    /// <summary>The values' errors, drawn as ± at the bars' ends.</summary>
    public IReadOnlyList<double>? Errors { get; init => field = value is null ? null : AsLongAs(value, Categories.Count, nameof(Errors)); }
}
