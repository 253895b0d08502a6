using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Occam.Data;

/// <summary>
/// What the first line of a CSV file says: the delimiter, and the names of the columns if it has any. It is decided here and not by
/// DuckDB, which may take a first row of numbers for names and pass it over.
/// </summary>
/// <param name="Delimiter">The first of tab, semicolon, comma and bar that the line has outside quotes.</param>
/// <param name="HasNames">Whether the line is names: none of it is a number, or it counts 0, 1, 2, … up to a name.</param>
/// <param name="Names">The names; column0, column1, … where the line has none.</param>
internal sealed record CsvHead(char Delimiter, bool HasNames, IReadOnlyList<string> Names)
{
    private const int MostCharacters = 1 << 21;

    /// <summary>Reads the first line.</summary>
    /// <exception cref="OccamException">There is none, or whether it is names can't be told.</exception>
    public static CsvHead Read(string path)
    {
        var title = Message.Clean(path);
        var line = FirstLine(path, title);
        var bare = OutsideQuotes(line);
        char[] delimiters = [.. "\t;,|".Where(bare.Contains)];
        var delimiter = delimiters.Length > 0 ? delimiters[0] : ',';
        string[] fields = [.. Split(line, delimiter)];
        var numbers = fields.Count(IsNumber);
        var counts = fields.TakeWhile((field, i) => field == i.ToString(CultureInfo.InvariantCulture)).Count();
        if (counts == fields.Length && counts > 2)
        {
            throw new OccamException($"the first line of {title} counts from 0 to {counts - 1}, which may be names or numbers: give the "
                + "columns names in a first line, such as x0, x1, …");
        }

        var hasNames = numbers == 0 || (counts == numbers && counts >= fields.Length - 1 && counts > 1);
        string[] names = hasNames ? fields : [.. fields.Select((_, i) => $"column{i}")];
        if (Array.IndexOf(names, "") is >= 0 and var blank)
        {
            throw new OccamException($"column {blank + 1} of {title} has no name: give it one, or write the file without it (pandas: "
                + "to_csv(path, index=False))");
        }

        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new OccamException($"{title} has two columns named '{Message.Clean(twice.Key)}': give each a name of its own")
            : new CsvHead(delimiter, hasNames, names);
    }

    private static bool IsNumber(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string FirstLine(string path, string title)
    {
        try
        {
            using var file = PlainFile.Open(path);
            using var unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : (Stream)file;
            using var reader = new StreamReader(unpacked, Encoding.UTF8);
            var line = new StringBuilder();
            for (int next; (next = reader.Read()) is >= 0 and not '\n' and not '\r';)
            {
                line.Append((char)next);
                if (line.Length > MostCharacters)
                {
                    throw new OccamException($"the first line of {title} has more than {MostCharacters:N0} characters: it is no CSV");
                }
            }

            return line.Length > 0 && !string.IsNullOrWhiteSpace(line.ToString()) ? line.ToString()
                : throw new OccamException($"the first line of {title} is empty: expected names of columns, or numbers");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OccamException($"{title} can't be read: {Message.Clean(e.Message)}", e);
        }
    }

    private static string OutsideQuotes(string line) => string.Concat(line.Split('"').Where((_, i) => i % 2 == 0));

    private static IEnumerable<string> Split(string line, char delimiter)
    {
        var field = new StringBuilder();
        var inside = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                // Two quotes inside quotes are one.
                var doubled = inside && i + 1 < line.Length && line[i + 1] == '"';
                inside ^= !doubled;
                field.Append(doubled ? "\"" : "");
                i += doubled ? 1 : 0;
            }
            else if (line[i] == delimiter && !inside)
            {
                yield return field.ToString().Trim();
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        yield return field.ToString().Trim();
    }
}
