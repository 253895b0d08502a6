namespace Occam.Lab.Reports;

/// <summary>Something named and its value: a setting, a statistic.</summary>
public sealed record Fact(RichText Name, RichText Value);
