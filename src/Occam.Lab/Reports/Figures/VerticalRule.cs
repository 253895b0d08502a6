namespace Occam.Lab.Reports;

/// <summary>A vertical line through the whole chart, labelled.</summary>
public sealed record VerticalRule(double X, string Label) : Mark;
