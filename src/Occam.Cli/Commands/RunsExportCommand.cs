using System.CommandLine;
using Occam.Cli.Running;
using Occam.Lab.Runs.Export;
using Occam.Lab.Runs.Query;

namespace Occam.Cli.Commands;

/// <summary><c>occam runs export</c>.</summary>
internal sealed class RunsExportCommand : OccamCommand
{
    private readonly Option<string> _root = RunsCommand.RootOption();
    private readonly Option<string> _csv = Folder("--csv", "Write runs.csv, config.csv and metrics.csv to DIR");
    private readonly Option<string> _parquet = Folder("--parquet", "The same as .parquet");
    private readonly Option<string> _mlflow = Folder("--mlflow", "Write MLflow's file store to DIR: mlflow ui --backend-store-uri DIR");

    public RunsExportCommand(Session session) : base("export", "Write all runs as other tools read them", session)
    {
        Add(_root);
        Add(_csv);
        Add(_parquet);
        Add(_mlflow);
        Validators.Add(result =>
        {
            if (new Option[] { _csv, _parquet, _mlflow }.All(option => result.GetResult(option) is null))
            {
                result.AddError("nothing is asked for: give --csv, --parquet or --mlflow a folder");
            }
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam runs export --mlflow mlruns", "for mlflow ui"),
        new("occam runs export --parquet tables", "for pandas, DuckDB, R"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var store = new RunStore(arguments.GetRequiredValue(_root));
        if (!Directory.Exists(store.Root))
        {
            throw new OccamException($"there is no folder '{store.Root}': --root names the one below which the runs are");
        }

        var leftOut = new List<string>();
        var count = LongWork.Run(Session, progress =>
        {
            progress.Begin("writing");
            var runs = store.Runs(leftOut.Add);
            foreach (var (option, format) in new[] { (_csv, RunTables.Csv), (_parquet, RunTables.Parquet) })
            {
                if (arguments.GetValue(option) is { } folder)
                {
                    RunTables.Write(store, folder, format, leftOut.Add, Session.Cancellation);
                }
            }

            if (arguments.GetValue(_mlflow) is { } files)
            {
                MlflowFiles.Write(files, runs, leftOut.Add, Session.Cancellation);
            }

            return runs.Length;
        });
        foreach (var reason in leftOut.Distinct())
        {
            Session.Note($"left out: {reason}");
        }

        Session.Note($"wrote {Counted.Of(count, "run")}");
        return ExitCode.Success;
    }

    private static Option<string> Folder(string name, string description) => new(name) { HelpName = "DIR", Description = description };
}
