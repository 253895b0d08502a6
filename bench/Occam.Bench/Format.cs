namespace Occam.Bench;

/// <summary>How figures are printed.</summary>
internal static class Format
{
    /// <summary>A time.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-3 => $"{seconds * 1e6:0.00} µs",
        < 0.1 => $"{seconds:0.0000} s",
        < 10 => $"{seconds:0.000} s",
        _ => $"{seconds:0.0} s",
    };

    /// <summary>Whole megabytes, of a million bytes.</summary>
    public static string Megabytes(long bytes) => $"{bytes / 1e6:0} MB";
}
