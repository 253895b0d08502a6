namespace Occam.Lab.Reports.Charts;

/// <summary>A horizontal line through the whole chart, labelled.</summary>
public sealed record HorizontalRule(double Y, string Label) : Mark;
