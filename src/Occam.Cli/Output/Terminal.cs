using Occam.Cli.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Occam.Cli.Output;

/// <summary>How results look in a terminal: one set of colours, one kind of table.</summary>
internal static class Terminal
{
    /// <summary>Emphasis: the main result.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    /// <summary>Secondary text: headings and labels.</summary>
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <summary>A good outcome.</summary>
    public static Style Good { get; } = new(Color.Green);

    /// <summary>A warning.</summary>
    public static Style Warning { get; } = new(Color.Yellow);

    /// <summary>An error or a bad outcome.</summary>
    public static Style Bad { get; } = new(Color.Red);

    /// <summary>Prints to the session's results, in colour only at a terminal.</summary>
    public static void Print(Session session, Action<IAnsiConsole> print)
    {
        var text = new StringWriter();
        print(MakeConsole(session, text));
        foreach (var line in text.ToString().TrimEnd().AsSpan().EnumerateLines())
        {
            // Cells are padded with spaces, which would be copied along with a table.
            session.Output.WriteLine(line.TrimEnd());
        }

        session.Output.WriteLine();
    }

    private static IAnsiConsole MakeConsole(Session session, TextWriter text)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = session.OutputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = session.OutputIsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = session.Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>Text without markup. What a terminal would obey, in the names of files and in files, is shown as escapes.</summary>
    public static IRenderable Text(string text, Style? style = null) => new Text(Shown(text), style);

    /// <summary>Lines in which nothing is left that a terminal would obey.</summary>
    public static string Shown(string lines) => PrintableText.EscapedLines(lines);

    /// <summary>A table of a line below its heads.</summary>
    public static Table Table(params ReadOnlySpan<string> heads)
    {
        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (var head in heads)
        {
            // The first column names what a row is about, often for the user to copy.
            table.AddColumn(new TableColumn(Text(head, Dim)) { NoWrap = table.Columns.Count == 0 });
        }

        return table;
    }

    /// <summary>Names and what they stand for, one below the other.</summary>
    public static void Facts(IAnsiConsole console, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) }).AddColumn(new GridColumn());
        foreach (var (name, value) in facts)
        {
            if (value.Length == 0)
            {
                continue;
            }

            grid.AddRow(Text(name, Dim), Text(value));
        }

        console.Write(grid);
    }

    /// <summary>A heading and lines below it; nothing where there are none.</summary>
    public static void Remarks(IAnsiConsole console, string heading, IEnumerable<string> lines)
    {
        string[] all = [.. lines.Distinct()];
        if (all.Length == 0)
        {
            return;
        }

        console.Write(new Padder(Text(heading, Strong), new Padding(2, 0, 0, 0)));
        var grid = new Grid()
            .AddColumn(new GridColumn { Padding = new Padding(2, 0, 1, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var line in all)
        {
            grid.AddRow(Text("·", Dim), Text(line));
        }

        console.Write(grid);
        console.WriteLine();
    }
}
