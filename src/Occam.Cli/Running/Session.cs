namespace Occam.Cli.Running;

/// <summary>What a command talks to: the two streams, who reads them, and the wish to stop.</summary>
/// <param name="output">For results alone.</param>
/// <param name="error">For everything said beside them.</param>
public sealed class Session(TextWriter output, TextWriter error)
{
    private const int WidthOfFiles = 120;
    private const int NarrowestTerminal = 60;

    /// <summary>Results: whoever reads them may be a program.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Notes, progress and errors.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Whether a person reads the results as they come.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person reads what is said beside them.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether this process is there for the command alone, so that it may be run once more in another.</summary>
    public bool IsProgram { get; init; }

    /// <summary>Set when the user interrupts.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Asks that work which has something to save may go on for so long after an interruption.</summary>
    public Action<TimeSpan> AskPatience { get; init; } = _ => { };

    /// <summary>Whether errors show where they came from.</summary>
    public bool Verbose { get; set; }

    /// <summary>How many characters fit beside each other in the results.</summary>
    public int Width => OutputIsTerminal ? Math.Max(Console.WindowWidth, NarrowestTerminal) : WidthOfFiles;

    /// <summary>Tells a result to a person, in a line or more: what a terminal would take for a command is shown as an escape.</summary>
    public void Tell(string line) => Output.WriteLine(PrintableText.EscapedLines(line));

    /// <summary>Says something that is not a result.</summary>
    public void Note(string line)
    {
        if (OutputIsTerminal)
        {
            // Both streams end on one screen, where a note must not stand amid a table that is half written.
            Output.Flush();
        }

        Error.WriteLine(PrintableText.EscapedLines(line));
    }
}
