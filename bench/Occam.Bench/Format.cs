namespace Occam.Bench;

/// <summary>How figures are printed.</summary>
internal static class Format
{
    /// <summary>Minimum and median.</summary>
    public static string Seconds(Spread spread) =>
        spread.Median < 1e-3
            ? $"{spread.Minimum * 1e6:0.00} / {spread.Median * 1e6:0.00} µs"
            : $"{Short(spread.Minimum)} / {Short(spread.Median)} s";

    /// <summary>Median and range.</summary>
    public static string Ratio(Spread spread) => $"{spread.Median:0.00}× ({spread.Minimum:0.00}–{spread.Maximum:0.00})";

    /// <summary>Whole megabytes, of a million bytes.</summary>
    public static string Megabytes(long bytes) => $"{bytes / 1e6:0} MB";

    private static string Short(double seconds) => seconds < 0.1 ? $"{seconds:0.0000}" : $"{seconds:0.000}";
}
