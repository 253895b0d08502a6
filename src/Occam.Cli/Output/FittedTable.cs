using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>
/// A table whose words are never cut: lines break at blanks, and where a terminal is still too narrow, columns are left out, those that
/// matter least first, which is told below.
/// </summary>
internal sealed class FittedTable
{
    // A blank on both sides of each column, and the border's.
    private const int Around = 3;

    // A text of as many letters should stand in one line before another column does.
    private const int Comfortable = 25;

    private readonly (string Head, int Rank, bool IsNumber)[] _columns;
    private readonly List<(string Text, Style? Style)[]> _rows = [];

    /// <summary>Makes one of no rows.</summary>
    /// <param name="columns">
    /// Their heads; in which order they are left out, never where it is 0, the largest first; and whether they hold numbers.
    /// </param>
    public FittedTable(params ReadOnlySpan<(string Head, int Rank, bool IsNumber)> columns) => _columns = [.. columns];

    /// <summary>Adds a row, a cell for each column.</summary>
    public void AddRow(params ReadOnlySpan<(string Text, Style? Style)> cells) =>
        _rows.Add([.. cells.ToArray().Select(cell => (Terminal.Shown(cell.Text), cell.Style))]);

    /// <summary>Prints it, as wide as the terminal is.</summary>
    public void Print(IAnsiConsole console)
    {
        var shown = Enumerable.Range(0, _columns.Length).ToList();
        var room = console.Profile.Width - 1;
        while (shown.Sum(Wanted) + (Around * shown.Count) > room && shown.Any(column => _columns[column].Rank > 0))
        {
            shown.Remove(shown.MaxBy(column => _columns[column].Rank));
        }

        var widths = Widths(shown, room - (Around * shown.Count));
        var table = Terminal.Table([.. shown.Select(column => _columns[column].Head)]);
        foreach (var (place, column) in shown.Index())
        {
            table.Columns[place].Width = widths[place];
            table.Columns[place].NoWrap = false;
            if (_columns[column].IsNumber)
            {
                table.Columns[place].RightAligned();
            }
        }

        foreach (var row in _rows)
        {
            table.AddRow([.. shown.Select(column => new Text(row[column].Text, row[column].Style))]);
        }

        console.Write(table);
        if (shown.Count < _columns.Length)
        {
            var left = _columns.Where((_, column) => !shown.Contains(column)).Select(column => column.Head);
            console.Write(Terminal.Text($"  not shown in so narrow a window: {string.Join(", ", left)}\n", Terminal.Dim));
        }
    }

    // As wide as the texts are, or narrower, where most room is left to break lines.
    private int[] Widths(List<int> shown, int room)
    {
        int[] widths = [.. shown.Select(LongestLine)];
        int[] least = [.. shown.Select(Least)];
        while (widths.Sum() > room && widths.Zip(least).Any(pair => pair.First > pair.Second))
        {
            widths[Enumerable.Range(0, widths.Length).MaxBy(place => widths[place] - least[place])]--;
        }

        return widths;
    }

    private int Wanted(int column) => Math.Max(Least(column), Math.Min(LongestLine(column), Comfortable));

    // A number and its error stand in one line.
    private int Least(int column) => _columns[column].IsNumber ? LongestLine(column) : LongestWord(column);

    private int LongestWord(int column) => Texts(column).SelectMany(text => text.Split(' ', '\n')).Max(word => word.Length);

    private int LongestLine(int column) => Texts(column).SelectMany(text => text.Split('\n')).Max(line => line.Length);

    private IEnumerable<string> Texts(int column) => _rows.Select(row => row[column].Text).Prepend(_columns[column].Head);
}
