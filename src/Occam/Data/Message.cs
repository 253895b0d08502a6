using System.Globalization;

namespace Occam.Data;

/// <summary>How messages and descriptions write what comes from outside.</summary>
internal static class Message
{
    private const int MostNamesListed = 12;

    /// <summary>A name out of a file or an argument, made fit for one line: no control characters, not too long.</summary>
    public static string Clean(string text) => PrintableText.Short(text);

    /// <summary>The first dozen of some names.</summary>
    public static string Listed(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostNamesListed).Select(Clean)) + (names.Count > MostNamesListed ? ", …" : "");

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A shape, as 3×32×32.</summary>
    public static string Shape(IEnumerable<int> shape) => string.Join('×', shape);

    /// <summary>A number of bytes in the unit that suits it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} KiB"),
        < 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):F0} GiB"),
    };
}
