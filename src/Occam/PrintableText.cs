using System.Globalization;
using System.Text;

namespace Occam;

/// <summary>
/// Makes text from outside, such as the names in a file, fit to be printed: characters that a terminal would obey, or that
/// turn the line around, are shown as escapes.
/// </summary>
internal static class PrintableText
{
    /// <summary>How many characters of a name a message shows.</summary>
    public const int LongestName = 200;

    private const int LongestWord = 400;
    private const int LongestLine = 8000;

    /// <summary>The lines of a text, each <see cref="Escaped"/>.</summary>
    public static string EscapedLines(string lines) => string.Join('\n', lines.Split('\n').Select(Escaped));

    /// <summary>The text in one line: control characters as escapes, such as <c>\u001b</c>.</summary>
    public static string Escaped(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (isPair)
            {
                line.Append(text[i++]).Append(text[i]);
            }
            else if (IsObeyed(text[i]))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                line.Append(text[i]);
            }
        }

        return line.ToString();
    }

    /// <summary>The text in one line, and of a long one the beginning.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters of it are shown.</param>
    public static string Short(string text, int longest = LongestName) =>
        text.Length <= longest ? Escaped(text) : Escaped(text[..longest]) + "…";

    /// <summary>A whole message in one line, in which no word is longer than a screen takes.</summary>
    internal static string Line(string message)
    {
        var line = string.Join(' ', message.ReplaceLineEndings(" ").Split(' ')
            .Select(word => word.Length <= LongestWord ? word : word[..LongestName] + "…"));
        return Escaped(line.Length <= LongestLine ? line : line[..LongestLine] + "…");
    }

    // Control characters, lone halves of a pair, line and paragraph separators, and what sets the direction of writing.
    private static bool IsObeyed(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u061c' or '\u200e' or '\u200f' or '\ufeff'
            or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
