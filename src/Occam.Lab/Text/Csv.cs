namespace Occam.Lab.Text;

/// <summary>Comma-separated values, as RFC 4180 says.</summary>
public static class Csv
{
    /// <summary>A line of cells, without its end; quotes where a cell needs them.</summary>
    public static string Row(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
