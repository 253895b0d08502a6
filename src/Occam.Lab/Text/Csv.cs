using System.Globalization;

namespace Occam.Lab.Text;

/// <summary>Comma-separated values, as RFC 4180 says.</summary>
internal static class Csv
{
    /// <summary>What a spreadsheet takes for the beginning of a formula, where a number doesn't begin with it.</summary>
    public const string Formulas = "=+-@\t\r";

    /// <summary>
    /// A line of cells, without its end; quotes where a cell needs them. A text that a spreadsheet would take for a formula gets an
    /// apostrophe before it.
    /// </summary>
    public static string Row(IEnumerable<string> cells) => string.Join(',', cells.Select(Guard).Select(Quote));

    private static string Guard(string text) =>
        text.Length > 0 && Formulas.Contains(text[0]) && !double.TryParse(text, CultureInfo.InvariantCulture, out _) ? $"'{text}" : text;

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
