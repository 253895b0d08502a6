using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Watching;
using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Cli.Commands;

/// <summary><c>occam watch</c>: measures the networks that another program writes while it trains.</summary>
internal sealed class WatchCommand : OccamCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _watched = new("DIR") { Description = "The folder into which the other program writes its networks" };
    private readonly MeasuringOptions _options;
    private readonly Option<string> _pattern = new("--pattern")
    {
        HelpName = "GLOB",
        Description = "Which files are networks [default: *.onnx]",
        DefaultValueFactory = _ => "*.onnx",
    };

    private readonly Option<string> _out = new("--out")
    {
        HelpName = "RUN",
        Description = "The run's folder: a new one, or that of the same watch before [default: runs/watch-DIR]",
    };

    private readonly Option<int?> _idle = DataChoice.Whole(
        "--idle", "SECONDS", 1, "End when nothing new came for so long; go on until Ctrl-C when left out");

    private readonly Option<bool> _once = new("--once") { Description = "Measure the networks that are there, and end" };

    public WatchCommand(Session session) : base("watch", "Measure the networks that another program writes while it trains", session)
    {
        Add(_watched);
        _options = new MeasuringOptions(this);
        Add(_pattern);
        Add(_out);
        Add(_idle);
        Add(_once);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam watch checkpoints --data mnist:test --limit 1000", "the usual measures of every network that comes, into a run"),
        new("occam watch checkpoints --data mnist:test --measures geometric-complexity,margin --idle 600",
            "two measures, until nothing came for ten minutes"),
        new("occam watch checkpoints --data points.npz --once", "those that are there, and no more"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var watched = arguments.GetRequiredValue(_watched);
        if (!Directory.Exists(watched))
        {
            throw new OccamException($"there is no folder '{watched}': expected one into which networks are written");
        }

        if (arguments.GetValue(_once) && arguments.GetValue(_idle) is not null)
        {
            throw new OccamException("--once and --idle contradict each other: give one of them");
        }

        Measurer.WarmUp();
        Session.AskPatience(s_patience);
        var request = _options.Read(arguments, Session.Cancellation);
        var pattern = arguments.GetRequiredValue(_pattern);
        var data = Measurer.Open(request);
        var watch = new NetworkWatch
        {
            Watched = watched,
            Pattern = pattern,
            Asked = Asked(watched, pattern, request),
            Command = CommandText.Of(arguments),
            Idle = arguments.GetValue(_once) ? TimeSpan.Zero
                : arguments.GetValue(_idle) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Cancellation = Session.Cancellation,
            Measure = path => LongWork.Run(Session, progress => Measurer.Measure(path, data, request, progress)).Results,
            Measured = (name, step, results) => Session.Tell(Line(name, step, results)),
            Failed = (_, why) => Session.Note($"occam: {why}"),
        };
        var folder = arguments.GetValue(_out)
            ?? Path.Combine("runs", $"watch-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(watched)))}");
        Session.Note($"occam: watching '{watched}', into '{folder}'"
            + (watch.Idle is null ? "; Ctrl-C ends it, and the same command goes on" : ""));
        var end = watch.Run(folder);
        Terminal.Print(Session, console => RunListTable.Print(console, RunFolder.Open(folder)));
        return end.State == RunState.Interrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    // A JSON text is YAML, too.
    private static string Asked(string watched, string pattern, MeasuringRequest request) =>
        $"""
        # Networks of another program, measured by 'occam watch' as they came.
        watch: {Quoted(watched)}
        pattern: {Quoted(pattern)}
        data: {Quoted(request.Data)}
        limit: {request.DataOptions.Limit?.ToString() ?? "null"}
        seed: {request.DataOptions.Seed}
        measures: [{string.Join(", ", request.Measures.Select(measure => Quoted(measure.Name)))}]

        """;

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Line(string name, long step, ImmutableArray<MeasureResult> results)
    {
        var values = results
            .Where(result => result.Quantity is not null)
            .Select(result => $"{result.Name} {NumberText.WithError(result.Quantity!.Value)}");
        return $"{PrintableText.Short(name)}  step {NumberText.Count(step)}  {string.Join(", ", values)}";
    }
}
