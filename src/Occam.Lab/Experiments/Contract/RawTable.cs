using System.Globalization;
using System.Text;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Contract;

/// <summary>Raw data of an experiment: a CSV file beside its page, written row by row.</summary>
/// <param name="Name">The file's name without its ending: <c>epochs</c>.</param>
/// <param name="Description">What a row is.</param>
/// <param name="Columns">The names of the columns, units in them where they have one.</param>
/// <param name="Rows">The rows, as many values as columns each: numbers, texts, or null for nothing.</param>
public sealed record RawTable(string Name, string Description, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows)
{
    /// <summary>The file's name.</summary>
    public string FileName => Name + ".csv";

    /// <summary>A row for each item, a column for each pair of a name and what to write of the item.</summary>
    public static RawTable Of<T>(
        string name, string description, IEnumerable<T> items, params IReadOnlyList<(string Name, Func<T, object?> Value)> columns) =>
        new(name, description, [
            .. columns.Select(column => column.Name),
        ], items.Select(item => (IReadOnlyList<object?>)[.. columns.Select(column => column.Value(item))]));

    /// <summary>Writes the table as RFC 4180 says, in UTF-8, numbers so that they read back as they were.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Write(Stream stream, CancellationToken cancellation)
    {
        using var text =
            new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(Csv.Row(Columns));
        foreach (var row in Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (row.Count != Columns.Count)
            {
                throw new InvalidOperationException($"a row of {FileName} has {row.Count} values for {Columns.Count} columns");
            }

            text.WriteLine(Csv.Row(row.Select(Cell)));
        }
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
