namespace Occam.Lab.Reports.Charts;

/// <summary>A vertical line through the whole chart, labelled.</summary>
public sealed record VerticalRule(double X, string Label) : Mark;
