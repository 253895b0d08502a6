using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;

namespace Occam.Cli.Commands;

/// <summary><c>occam runs</c>: what was trained, and what came of it.</summary>
internal sealed class RunsCommand : OccamCommand
{
    private static readonly string[] s_metrics = ["train.loss", "test.loss", "test.accuracy"];

    private readonly Option<string> _root = RootOption();
    private readonly TableOutput _output;

    public RunsCommand(Session session) : base("runs", "List, show, query, check and export the runs of occam train", session)
    {
        Add(_root);
        _output = new TableOutput(this);
        Add(new RunsShowCommand(session));
        Add(new RunsQueryCommand(session));
        Add(new RunsCheckCommand(session));
        Add(new RunsExportCommand(session));
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam runs", "the runs below ./runs"),
        new("occam runs show mlp-glyphs", "one of them"),
        new("occam runs query \"SELECT run, min(value) FROM metrics WHERE name = 'test.loss' GROUP BY run ORDER BY 2\"",
            "which got lowest?"),
    ];

    /// <summary>The option of the folder below which runs are looked for.</summary>
    public static Option<string> RootOption() => new("--root")
    {
        HelpName = "DIR",
        Description = "The folder below which the runs are [default: runs]",
        DefaultValueFactory = _ => "runs",
    };

    protected override int Run(ParseResult arguments)
    {
        var root = arguments.GetRequiredValue(_root);
        var unreadable = new List<string>();
        var runs = new RunStore(root).Runs(unreadable.Add);
        unreadable.ForEach(Session.Note);
        if (runs.IsEmpty && unreadable.Count == 0)
        {
            Session.Note($"there are no runs below '{root}': 'occam train' makes some, and --root names another folder");
        }

        _output.Write(arguments, Session, new QueryResult(
            ["run", "state", "step", "of", .. s_metrics, "seconds", "started"],
            [.. runs.Select(pair => Row(pair.Name, pair.Run))]), [0, 0, 0, 5, 3, 2, 1, 6, 4]);
        return ExitCode.Success;
    }

    private static System.Collections.Immutable.ImmutableArray<object?> Row(string name, RunFolder run)
    {
        var status = run.Status;
        return
        [
            name,
            RunListTable.State(status.State),
            status.Step,
            status.Steps,
            .. s_metrics.Select(metric => status.Metrics.TryGetValue(metric, out var value) ? (object?)value : null),
            status.Seconds,
            run.Origin.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm"),
        ];
    }
}
