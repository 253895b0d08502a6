using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Cli.Commands;

/// <summary><c>occam sweep</c>: many trainings that differ in some settings.</summary>
internal sealed class SweepCommand : OccamCommand
{
    private const string DefaultFolder = "runs";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private readonly Argument<string> _sweep =
        new("SWEEP") { Description = "A YAML file: base, and grid, list or random, and seeds; or the folder of a sweep to go on with" };
    private readonly Option<string> _out = new("--out")
    {
        HelpName = "DIR",
        Description = $"The sweep's folder, with a run's folder for each run [default: {DefaultFolder}/SWEEP]",
    };
    private readonly Option<int?> _jobs = DataChoice.Whole(
        "--jobs", "N", 1, "How many trainings at a time, each on one thread; as many as there are cores when left out",
        MeasuringOptions.MostThreads);
    private readonly ClusterOptions _cluster;
    private readonly Option<bool> _check = new("--check") { Description = "Say what is wrong with any of the runs, and train nothing" };

    public SweepCommand(Session session) : base("sweep", "Train many networks that differ in some settings", session)
    {
        Add(_sweep);
        Add(_out);
        Add(_jobs);
        Add(_check);
        _cluster = new ClusterOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam sweep sweep.yaml", "all of its runs, into runs/sweep; again to go on where it was stopped"),
        new("occam sweep sweep.yaml --jobs 1 --out runs/slowly", "one after the other"),
        new("occam sweep sweep.yaml --on slurm", "as tasks of a Slurm cluster, with what cluster.yaml asks for"),
        new("occam sweep sweep.yaml --check", "is anything wrong with any of them?"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var given = arguments.GetRequiredValue(_sweep);
        var cluster = _cluster.Read(arguments);
        if (cluster is not null && arguments.GetValue(_jobs) is not null)
        {
            throw new OccamException("--jobs is for this machine: in cluster.yaml, throttle is the most tasks at a time");
        }
        var isFolder = Directory.Exists(given);
        if (isFolder && arguments.GetValue(_out) is not null)
        {
            throw new OccamException("--out and a sweep's folder contradict each other: a sweep goes on in its own folder");
        }

        var reading = !isFolder ? SweepReading.OfFile(given)
            : SweepFolder.IsSweep(given) ? SweepFolder.Reread(given)
            : throw new OccamException($"there is no sweep in '{given}': expected a sweep file, or a folder that 'occam sweep' wrote");
        var problems = LongWork.Run(Session, progress =>
        {
            progress.Begin("checking the runs");
            return reading.Check(progress.Report, Session.Cancellation);
        });
        foreach (var problem in problems)
        {
            Session.Note($"occam: {problem}");
        }

        if (problems.Length > 0)
        {
            return ExitCode.UserError;
        }

        if (arguments.GetValue(_check))
        {
            Session.Tell($"{given} can be trained: {Counted.Of(reading.Plan.Runs.Length, "run")}");
            return ExitCode.Success;
        }

        var path = isFolder ? given : arguments.GetValue(_out) ?? Path.Combine(DefaultFolder, Path.GetFileNameWithoutExtension(given));
        return Train(path, reading, (folder, progress) =>
        {
            if (cluster is not null)
            {
                new SlurmSweep((began, ended) => _cluster.Executor(arguments, cluster, path, Session, ended, began))
                    .Run(folder, reading, progress);
                return;
            }

            new LocalExecutor
            {
                Jobs = arguments.GetValue(_jobs) ?? Environment.ProcessorCount,
                Program = OwnProgram.Command,
                Cancellation = Session.Cancellation,
            }.Run(folder, reading, progress);
        });
    }

    private int Train(string path, SweepReading reading, Action<SweepFolder, SweepProgress> run)
    {
        Session.AskPatience(s_patience);
        using var folderLock = FolderLock.Take(path);
        var folder = SweepFolder.Begin(path, reading);
        SweepProgress? progress = null;
        progress = new SweepProgress(folder)
        {
            Ended = end =>
            {
                if (!Session.ErrorIsTerminal && !end.WasDone)
                {
                    Session.Note(SweepDisplay.Line(progress!, end));
                }
            },
        };
        var work = LongWork.Start(() =>
        {
            run(folder, progress);
            return true;
        });
        SweepDisplay.Show(Session, progress, work);
        work.GetAwaiter().GetResult();
        Terminal.Print(Session, console => SweepTable.Print(console, folder, progress.Ends));
        if (Session.Cancellation.IsCancellationRequested)
        {
            Session.Note($"occam: interrupted; go on with: occam sweep {path}");
            return ExitCode.Interrupted;
        }

        return progress.Ends.All(end => end.State == RunState.Completed) ? ExitCode.Success : ExitCode.RunsFailed;
    }
}
