namespace Occam.Lab.Reports.Charts;

/// <summary>The quantity that colours marks.</summary>
/// <param name="Label">The quantity.</param>
/// <param name="Scale">How values map to colours: linear or logarithmic.</param>
/// <param name="Minimum">The value at the ramp's beginning; the least when null.</param>
/// <param name="Maximum">The value at the ramp's end; the greatest when null.</param>
/// <param name="Ramp">The colours; a diverging ramp reaches as far below zero as above where no end is given.</param>
public sealed record ShadeScale(
    string Label, Scale Scale = Scale.Linear, double? Minimum = null, double? Maximum = null, Ramp Ramp = Ramp.Complexity);
