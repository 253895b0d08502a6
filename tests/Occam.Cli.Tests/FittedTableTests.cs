using Occam.Cli.Output;
using Spectre.Console;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class FittedTableTests
{
    private static readonly string[] s_heads = ["run", "what it learns from", "test.accuracy", "train.loss"];

    [Theory]
    [InlineData(120, 4)]
    [InlineData(75, 4)]
    [InlineData(62, 3)]
    [InlineData(40, 2)]
    public void Words_are_never_cut_and_what_is_left_out_is_told(int width, int columns)
    {
        var table = new FittedTable((s_heads[0], 0, false), (s_heads[1], 0, false), (s_heads[2], 1, true), (s_heads[3], 2, true));
        table.AddRow(("a-run-of-a-name", null), ("handwritten digits", null), ("0.9812", null), ("0.001234", null));
        table.AddRow(("another", null), ("clothes", null), ("0.5", null), ("0.25", null));

        var text = Print(table, width);

        Assert.All(
            text.Split('\n').Where(line => !line.Contains("window", StringComparison.Ordinal)),
            line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.All(["a-run-of-a-name", "handwritten", "digits", "clothes"], word => Assert.Contains(word, text));
        Assert.Equal(columns >= 3, text.Contains("0.9812"));
        Assert.Equal(columns == 4, text.Contains("0.001234"));
        Assert.Equal(columns < 4, text.ReplaceLineEndings(" ").Contains(string.Join(", ", s_heads[columns..]), StringComparison.Ordinal)
            && text.Contains("not shown", StringComparison.Ordinal));
    }

    private static string Print(FittedTable table, int width)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        table.Print(console);
        return text.ToString();
    }
}
