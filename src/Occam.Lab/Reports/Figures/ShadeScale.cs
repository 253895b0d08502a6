namespace Occam.Lab.Reports;

/// <summary>The quantity that colours marks from green (low) to red (high).</summary>
/// <param name="Label">The quantity.</param>
/// <param name="Scale">How values map to colours: linear or logarithmic.</param>
/// <param name="Minimum">The value that is green; the least when null.</param>
/// <param name="Maximum">The value that is red; the greatest when null.</param>
public sealed record ShadeScale(string Label, Scale Scale = Scale.Linear, double? Minimum = null, double? Maximum = null);
