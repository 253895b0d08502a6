namespace Occam.Lab.Reports.Charts;

/// <summary>An axis.</summary>
/// <param name="Label">The quantity, and its unit where it has one.</param>
/// <param name="Scale">How values map to places.</param>
/// <param name="Minimum">The least value shown; of the data when null.</param>
/// <param name="Maximum">The greatest value shown; of the data when null.</param>
public sealed record Axis(string Label, Scale Scale = Scale.Linear, double? Minimum = null, double? Maximum = null);
