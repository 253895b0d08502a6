using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Cli.Commands;

/// <summary><c>occam train</c>: a network on data, as a configuration says.</summary>
internal sealed class TrainCommand : OccamCommand
{
    private const string DefaultFolder = "runs";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_unannounced = TimeSpan.FromSeconds(0.5);

    private readonly Argument<string?> _file =
        new("CONFIG") { Arity = ArgumentArity.ZeroOrOne, Description = "A YAML file; 'occam init' writes one to begin with" };
    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "KEY=VALUE",
        Description = "Set a value beside the file: optimizer.learning-rate=0.1; can be given again",
    };
    private readonly Option<string> _out =
        new("--out") { HelpName = "DIR", Description = $"The run's folder, empty or not there yet [default: {DefaultFolder}/CONFIG]" };
    private readonly Option<string> _resume =
        new("--resume") { HelpName = "DIR", Description = "Go on with a run from its last checkpoint; CONFIG may be left out" };
    private readonly Option<bool> _check = new("--check")
    {
        Description = "Say what is wrong with the configuration: take one step, observe each probe on one batch, and keep nothing",
    };

    private readonly Option<bool> _tensorBoard =
        new("--tensorboard") { Description = "Write TensorBoard's event files as well, into tensorboard/ of the run's folder" };
    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly Option<int?> _threads = DataChoice.Whole(
        "--threads", "N", 1, "How many threads one operator may use; the configuration's when left out", MeasuringOptions.MostThreads);

    private readonly Option<bool> _stopWithInput =
        new(LocalExecutor.StopOption) { Hidden = true, Description = "Write a checkpoint and end when standard input does" };

    public TrainCommand(Session session) : base("train", "Train a network as a configuration says", session)
    {
        Add(_file);
        foreach (Option option in (Option[])[_set, _out, _resume, _check, _tensorBoard, _device, _threads, _stopWithInput])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam train run.yaml", "into runs/run, with a checkpoint every half minute"),
        new("occam train run.yaml --set optimizer.learning-rate=0.1 --set seed=3 --out runs/fast", "another learning rate and seed"),
        new("occam train --resume runs/fast", "go on where it was stopped"),
        new("occam train run.yaml --check", "is anything wrong with it?"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var resume = arguments.GetValue(_resume);
        if (resume is not null && arguments.GetValue(_out) is not null)
        {
            throw new OccamException("--resume and --out contradict each other: a resumed run stays in its folder");
        }

        var reading = Read(arguments, resume);
        Session.AskPatience(s_patience);
        var view = new TrainingView(TimeProvider.System);
        var training = new TrainingRun
        {
            Observer = view,
            Damaged = why => Session.Note($"occam: {why}"),
            Cancellation = arguments.GetValue(_stopWithInput) ? ParentWatch.Begin(Session.Cancellation) : Session.Cancellation,
            TensorBoard = arguments.GetValue(_tensorBoard),
            Command = CommandText.Of(arguments),
        };
        var problems = Array.Empty<ConfigurationProblem>();
        var check = arguments.GetValue(_check);
        var work = LongWork.Start(() =>
        {
            if (resume is not null && !check && reading is not { Problems.Length: > 0 })
            {
                return training.Resume(resume, reading);
            }

            var (plan, found) = RunPlan.Make(reading!);
            problems = [.. found];
            if (check)
            {
                plan?.Rehearse();
            }

            return plan is null || check
                ? null
                : training.Begin(plan, reading!, arguments.GetValue(_out) ?? FreeFolder(arguments.GetValue(_file)!));
        });
        using var interrupted = Session.Cancellation.Register(() => Announce(work));
        TrainingDisplay.Show(Session, view, work);
        var end = work.GetAwaiter().GetResult();
        return end is not null ? Report(end)
            : problems.Length > 0 ? Report(problems)
            : Praise(arguments.GetValue(_file) ?? resume!);
    }

    // Options beside the file are settings like others, so that the run's own configuration tells all.
    private ConfigurationReading? Read(ParseResult arguments, string? resume)
    {
        string[] settings =
        [
            .. arguments.GetValue(_set) ?? [],
            .. arguments.GetValue(_device) is { } device ? [$"device={device}"] : Array.Empty<string>(),
            .. arguments.GetValue(_threads) is { } threads ? [$"threads={threads}"] : Array.Empty<string>(),
        ];
        return arguments.GetValue(_file) is { } file ? ConfigurationReading.OfFile(file, settings)
            : resume is null ? throw new OccamException(
                "no configuration is named: expected a YAML file, or --resume and a run's folder; 'occam init' writes a file to begin with")
            : settings.Length > 0 || arguments.GetValue(_check) ? RunFolder.Open(resume).Reread(settings)
            : null;
    }

    private int Report(IReadOnlyCollection<ConfigurationProblem> problems)
    {
        foreach (var problem in problems)
        {
            Session.Note($"occam: {problem}");
        }

        return ExitCode.UserError;
    }

    private int Report(RunEnd end)
    {
        if (end.State == RunState.Interrupted)
        {
            Session.Note($"occam: {end.Why}; the checkpoint is written, go on with: occam train --resume {end.Folder}");
            return ExitCode.Interrupted;
        }

        Terminal.Print(Session, console => RunListTable.Print(console, RunFolder.Open(end.Folder)));
        if (end.State == RunState.Diverged)
        {
            Session.Note($"occam: the training diverged: {end.Why}; network.onnx in {end.Folder} is that of the last good "
                + $"checkpoint, of step {end.Checkpoint}");
            return ExitCode.Diverged;
        }

        return ExitCode.Success;
    }

    private int Praise(string what)
    {
        Session.Tell($"{what} can be trained");
        return ExitCode.Success;
    }

    private void Announce(Task work) => Task.Delay(s_unannounced).ContinueWith(
        _ =>
        {
            if (!work.IsCompleted)
            {
                Session.Note("occam: finishing the step and writing a checkpoint; again to end at once, without");
            }
        },
        TaskScheduler.Default);

    private static string FreeFolder(string file)
    {
        var name = Path.Combine(DefaultFolder, Path.GetFileNameWithoutExtension(file));
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? name : $"{name}-{i}").First(folder => !Directory.Exists(folder));
    }
}
