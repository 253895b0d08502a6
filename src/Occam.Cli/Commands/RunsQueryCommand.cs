using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Query;

namespace Occam.Cli.Commands;

/// <summary><c>occam runs query</c>.</summary>
internal sealed class RunsQueryCommand : OccamCommand
{
    private readonly Argument<string> _sql = new("SQL") { Description = $"A question in DuckDB's SQL, over {RunQuery.Tables}" };
    private readonly Option<string> _root = RunsCommand.RootOption();
    private readonly TableOutput _output;
    private readonly Option<bool> _unlocked = new("--unlocked")
    {
        Description = "Let the question read and write files as you may, such as by COPY and read_csv; otherwise it sees the tables alone",
    };

    public RunsQueryCommand(Session session) : base("query", "Ask all runs a question in SQL", session)
    {
        Add(_sql);
        Add(_root);
        Add(_unlocked);
        _output = new TableOutput(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam runs query \"SELECT run, min(value) FROM metrics WHERE name = 'test.loss' GROUP BY run ORDER BY 2\"",
            "which got lowest?"),
        new("occam runs query --unlocked \"COPY metrics TO 'metrics.parquet'\"", "all metrics as a file"),
        new("occam runs query \"SELECT c.value AS rate, avg(m.value) FROM metrics m JOIN config c USING (run) WHERE c.key = "
            + "'optimizer.learning-rate' AND m.name = 'geometric-complexity' GROUP BY 1\" --csv", "complexity by learning rate"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var store = new RunStore(arguments.GetRequiredValue(_root));
        if (!Directory.Exists(store.Root))
        {
            throw new OccamException($"there is no folder '{store.Root}': --root names the one below which the runs are");
        }

        var sql = arguments.GetRequiredValue(_sql);
        var unreadable = new List<string>();
        var answer = LongWork.Run(Session, progress =>
        {
            progress.Begin("asking");
            return RunQuery.Ask(store, sql, unreadable.Add, arguments.GetValue(_unlocked), Session.Cancellation);
        });
        unreadable.ForEach(Session.Note);
        _output.Write(arguments, Session, answer);
        return ExitCode.Success;
    }
}
