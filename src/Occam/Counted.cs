using System.Globalization;

namespace Occam;

/// <summary>Counts with what is counted, as sentences have them.</summary>
internal static class Counted
{
    /// <summary>A count and its noun: "1 tensor", "1,024 tensors".</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="several">The noun for others; with an s when left out.</param>
    public static string Of(long count, string one, string? several = null) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {Noun(count, one, several)}";

    /// <summary>The noun that goes with a count, whole or not.</summary>
    /// <inheritdoc cref="Of"/>
    public static string Noun(double count, string one, string? several = null) => count == 1 ? one : several ?? $"{one}s";
}
