using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Occam.Cli.Commands;
using Occam.Cli.Options;
using Occam.Cli.Running;
using Occam.Torch;

namespace Occam.Cli;

/// <summary>Reads a command line, runs its command, and turns what goes wrong into one line and an exit code.</summary>
public static class CommandLine
{
    // Made one by one, for a command line that begins with a command needs no other.
    private static readonly (string Name, Func<Session, OccamCommand> Make)[] s_commands =
    [
        ("measure", session => new MeasureCommand(session)),
        ("merge", session => new MergeCommand(session)),
        ("compare", session => new CompareCommand(session)),
        ("audit", session => new AuditCommand(session)),
        ("inspect", session => new InspectCommand(session)),
        ("run", session => new RunCommand(session)),
        ("measures", session => new MeasuresCommand(session)),
        ("verify", session => new VerifyCommand(session)),
        ("data", session => new DataCommand(session)),
        ("init", session => new InitCommand(session)),
        ("text", session => new TextCommand(session)),
        ("train", session => new TrainCommand(session)),
        ("explain", session => new ExplainCommand(session)),
        ("runs", session => new RunsCommand(session)),
        ("ui", session => new UiCommand(session)),
        ("watch", session => new WatchCommand(session)),
        ("sweep", session => new SweepCommand(session)),
        ("rank", session => new RankCommand(session)),
        ("reproduce", session => new ReproduceCommand(session)),
        ("judge", session => new JudgeCommand(session)),
        ("papers", session => new PapersCommand(session)),
        ("demo", session => new DemoCommand(session)),
        ("completion", session => new CompletionCommand(session)),
    ];

    internal static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, Session session)
    {
        try
        {
            var code = Invoke(arguments, session);
            session.Output.Flush();
            return code;
        }
        catch (Exception e)
        {
            return Explain(e, session);
        }
    }

    /// <summary>The commands, in the order in which the help lists them.</summary>
    public static IReadOnlyList<OccamCommand> Commands(Session session) => [.. s_commands.Select(command => command.Make(session))];

    /// <summary>What is wrong with a command line, as one would type it without the program's name; null when nothing is.</summary>
    public static string? MistakeIn(string line) =>
        ParseErrors.FirstOf(MakeRoot(new Session(TextWriter.Null, TextWriter.Null), new Option<bool>("--verbose"), new MemoryOption())
            .Parse(line, Parsing));

    private static int Invoke(IReadOnlyList<string> arguments, Session session)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Show where an error came from", Recursive = true };
        var memory = new MemoryOption();
        var root = MakeRoot(session, verbose, memory, arguments.FirstOrDefault());
        var parsed = root.Parse(arguments, Parsing);
        session.Verbose = parsed.GetValue(verbose);
        if (ParseErrors.FirstOf(parsed) is { } error)
        {
            throw new OccamException(error);
        }

        using var limit = memory.Apply(parsed);
        if (session.IsProgram)
        {
            ManagedMemory.SetLimit(Libtorch.MemoryBudget);
        }

        if (Confinement.IsInside)
        {
            Confinement.Begin(session);
        }
        else if (session.IsProgram && parsed.CommandResult.Children.OfType<OptionResult>()
            .Any(option => !option.Implicit && option.Option.Name == FunctionOptions.TrustName))
        {
            return Confinement.Run(arguments, OutputOptions.FilesOf(parsed), session);
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = session.Output,
            Error = session.Error,
        });
    }

    private static RootCommand MakeRoot(Session session, Option<bool> verbose, MemoryOption memory, string? first = null)
    {
        var root = new RootCommand("Occam tells how complex the function is that a neural network computes.") { verbose, memory.Option };
        var chosen = s_commands.Where(command => command.Name == first).ToArray();
        foreach (var command in chosen.Length > 0 ? chosen : s_commands)
        {
            root.Add(command.Make(session));
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show help and examples";
        help.Action = new Help(session);
        var version = root.Options.OfType<VersionOption>().Single();
        version.Description = "Show the version";
        version.Action = new VersionAction(session);
        root.Action = help.Action;
        root.Directives.OfType<SuggestDirective>().Single().Action = new Suggestions(session, root, Parsing);
        return root;
    }

    private static int Explain(Exception error, Session session)
    {
        var (line, code) = error switch
        {
            OperationCanceledException => ("interrupted", ExitCode.Interrupted),
            TorchMemoryException => ($"not enough memory: {OneLine(error.Message)}; a smaller --batch or --limit needs less, and --memory "
                + "allows more", ExitCode.UserError),
            OccamException or TorchException => (OneLine(error.Message), ExitCode.UserError),
            // Files' errors are told with the file's name where they are opened: what arrives here bare is nearly always a full or closed
            // standard output.
            IOException or UnauthorizedAccessException =>
                ($"standard output, or a file in use, can't be read or written: {OneLine(error.Message)}", ExitCode.UserError),
            DllNotFoundException => ("libtorch can't be loaded: install it, or set LIBTORCH to its folder, and start Occam with ./occam; "
                + "--verbose shows what was looked for", ExitCode.UserError),
            _ when IsOutOfMemory(error) => (ManagedMemory.Limit is { } limit
                ? $"not enough memory: {(ManagedMemory.Shared > 0 ? "tensors and all else" : "what is beside tensors")} may take "
                    + $"{TorchMemoryException.Size(limit)}; a smaller --batch or --limit needs less, and --memory allows more"
                : "not enough memory: a smaller --batch or --limit needs less", ExitCode.UserError),
            _ =>
                ($"unexpected {error.GetType().Name}: "
                    + $"{OneLine(error.Message)} (a mistake of Occam's own{(session.Verbose ? "" : "; --verbose shows where")})",
                    ExitCode.InternalError),
        };
        session.Note($"occam: {line}");
        if (session.Verbose)
        {
            session.Note(error.ToString());
        }

        return code;
    }

    // A loop over several processors, or what is set up once, wraps it.
    private static bool IsOutOfMemory(Exception? error) => error is OutOfMemoryException
        || (error is AggregateException several && several.InnerExceptions.Any(IsOutOfMemory))
        || (error is not null && IsOutOfMemory(error.InnerException));

    private static string OneLine(string message) =>
        PrintableText.Escaped(message.ReplaceLineEndings(" ").Trim());
}
