using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.Runs.Clusters;
using Occam.Torch;

namespace Occam.Cli.Commands;

/// <summary><c>occam reproduce</c>: the papers' figures, computed again.</summary>
internal sealed class ReproduceCommand : OccamCommand
{
    internal const string DefaultFolder = "runs/reproduce";
    private const string Checkpoints = "checkpoints";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Precision[] s_precisions = [Precision.Float32, Precision.Tf32, Precision.BFloat16];

    private readonly Argument<string[]> _ids =
        new("ID…") { Arity = ArgumentArity.ZeroOrMore, Description = "Experiments, one after the other; see --list" };
    private readonly Option<bool> _list =
        new("--list") { Description = "List the experiments and how long they take on two cores; with IDs, what these claim" };
    private readonly Option<string> _scale = new("--scale")
    {
        HelpName = string.Join('|', Scales),
        Description = "How much is computed: "
        + "smoke shows that it works, laptop judges the claims, paper takes the paper's own sizes [default: laptop]"
    };
    private readonly Option<int?> _seeds =
        DataChoice.Whole("--seeds", "N", 1, "How many seeds; each experiment's own number when left out");
    private readonly Option<int?> _seed = DataChoice.Whole("--seed", "S", 0, "The first seed [default: 0]");
    private readonly Option<string> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "The folder for page, CSV and verdicts; of "
        + $"several experiments, a folder each in it [default: {DefaultFolder}/ID-SCALE]"
    };
    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "NAME=NUMBER",
        Description = "A number in place of an experiment’s own, where it has such options; may be repeated, see --list",
    };
    private readonly Option<string> _root = DataChoice.RootOption();
    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly Option<string> _precision = new("--precision")
    {
        HelpName = string.Join('|', Precisions.NamesOf(s_precisions)),
        Description = "What trainings are computed in, where a figure follows geometric complexity in them [default: float32]",
    };
    private readonly ClusterOptions _cluster;
    private readonly Option<int?> _threads = DataChoice.Whole(
        "--threads", "N", 1, "How many trainings side by side; as many as there are cores when left out", MeasuringOptions.MostThreads);

    public ReproduceCommand(Session session) : base("reproduce", "Compute a paper's figure again, with a verdict on each claim", session)
    {
        _ids.CompletionSources.Add(
            _ => ExperimentCatalogue.All.Values.Select(experiment => new CompletionItem(experiment.Id, detail: experiment.Title)));
        _scale.CompletionSources.Add(Scales);
        _precision.CompletionSources.Add([.. Precisions.NamesOf(s_precisions)]);
        Add(_ids);
        foreach (Option option in (Option[])[_list, _scale, _seeds, _seed, _set, _out, _root, _device, _precision, _threads])
        {
            Add(option);
        }

        _cluster = new ClusterOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam reproduce --list", "which figures there are"),
        new("occam reproduce gor-1", "one of them, judged in a minute"),
        new("occam reproduce gor-1 --scale smoke --out gor-1", "a quick look, into a folder of its own"),
        new("occam reproduce gc-3-l2 gc-4-batch --on slurm", "each as a task of a Slurm cluster"),
    ];

    private static string[] Scales => [.. Enum.GetValues<ExperimentScale>().Select(scale => scale.Name())];

    protected override int Run(ParseResult arguments)
    {
        var ids = arguments.GetValue(_ids) ?? [];
        if (arguments.GetValue(_list))
        {
            Experiment[] named = [.. ids.Distinct().Select(ExperimentCatalogue.Find)];
            Terminal.Print(Session, console =>
            {
                if (named.Length == 0)
                {
                    ExperimentCatalogueTable.Print(console);
                }

                foreach (var one in named)
                {
                    ExperimentCatalogueTable.Print(console, one);
                }
            });
            return ExitCode.Success;
        }

        ImmutableArray<Experiment> experiments = [.. ids.Distinct().Select(ExperimentCatalogue.Find)];
        if (experiments.IsEmpty)
        {
            throw new OccamException("no experiment is named: expected at least one id, such as gor-1; 'occam reproduce --list' shows all");
        }

        var scale = ScaleOf(arguments.GetValue(_scale) ?? "laptop");
        var given = ExperimentOptions.Parse(arguments.GetValue(_set) ?? [], experiments);
        var device = Device.Parse(arguments.GetValue(_device) ?? "cpu");
        var precision = ReadPrecision(arguments, device, experiments);
        string FolderOf(Experiment experiment) =>
            arguments.GetValue(_out) is not { } root ? Path.Combine(DefaultFolder, $"{experiment.Id}-{scale.Name()}")
            : experiments.Length == 1 ? root
            : Path.Combine(root, experiment.Id);
        if (_cluster.Read(arguments) is { } cluster)
        {
            return Submit(arguments, cluster, [.. experiments.Select(experiment => (experiment.Id, FolderOf(experiment)))]);
        }

        var code = ExitCode.Success;
        foreach (var experiment in experiments)
        {
            try
            {
                Reproduce(arguments, experiment, scale, given, device, precision, FolderOf(experiment));
            }
            catch (OccamException e) when (experiments.Length > 1)
            {
                // What stops one experiment, such as missing data, need not stop the others.
                Session.Note($"occam: {experiment.Id}: {e.Message}");
                code = ExitCode.UserError;
            }
        }

        return code;
    }

    private int Submit(ParseResult arguments, ClusterSettings cluster, (string Id, string Folder)[] figures)
    {
        var work = arguments.GetValue(_out) ?? DefaultFolder;
        string[] settings =
        [
            .. arguments.CommandResult.Children.OfType<OptionResult>()
                .Where(option => !option.Implicit && option.Option != _out && !ClusterOptions.Names.Contains(option.Option.Name))
                .SelectMany(option => option.Tokens.SelectMany(token => new[] { option.Option.Name, token.Value })),
        ];
        var failures = 0;
        var executor = _cluster.Executor(arguments, cluster, work, Session, end =>
        {
            failures += end.Failure is null ? 0 : 1;
            Session.Note($"{end.Task.Name}: {end.Failure ?? "done"}");
        });
        executor.Run([.. figures.Select(figure => new ReproduceTask(
            figure.Id, [figure.Id, .. settings, "--out", Path.GetFullPath(figure.Folder)], figure.Folder,
            Path.Combine(executor.Folder, $"{figure.Id}.begun")))]);
        foreach (var (_, folder) in figures)
        {
            Session.Tell($"The page: {Path.Combine(folder, Reproduction.PageName)}");
        }

        return failures == 0 ? ExitCode.Success : ExitCode.RunsFailed;
    }

    private void Reproduce(
        ParseResult arguments, Experiment experiment, ExperimentScale scale, ImmutableSortedDictionary<string, double> given, Device device,
        Precision precision, string folder)
    {
        Session.AskPatience(s_patience);
        var checkpoints = Path.Combine(folder, Checkpoints);
        if (Directory.Exists(checkpoints))
        {
            Session.Note($"{experiment.Id}: going on from the trainings in {checkpoints}");
        }

        Session.Note($"{experiment.Id}: {experiment.AskedTitle} ({experiment.Paper}, {experiment.Figure}; scale {scale.Name()})");
        var first = arguments.GetValue(_seed) ?? 0;
        var seeds = arguments.GetValue(_seeds) ?? experiment.Size(scale).Seeds;
        ExperimentContext Context(IExperimentProgress progress) => new()
        {
            Scale = scale,
            Seeds = [.. Enumerable.Range(first, seeds)],
            Given = given,
            DataRoot = arguments.GetValue(_root),
            Device = device,
            Precision = precision,
            CheckpointFolder = checkpoints,
            Threads = arguments.GetValue(_threads) ?? Environment.ProcessorCount,
            Cancellation = Session.Cancellation,
            Progress = Session.ErrorIsTerminal ? progress : new ExperimentProgress(Session, experiment.Id),
        };
        ReproducedExperiment reproduced;
        try
        {
            reproduced =
                LongWork.Run(Session, progress => Reproduction.Run(experiment, Context(progress), folder, CommandText.Of(arguments)));
        }
        catch (OperationCanceledException) when (Directory.Exists(checkpoints))
        {
            Session.Note($"{experiment.Id}: what was trained is kept in {checkpoints}; the same command goes on from there");
            throw;
        }

        foreach (var verdict in reproduced.Outcome.Verdicts)
        {
            Session.Tell(VerdictLine.Of(verdict));
        }

        Session.Tell($"The page: {Path.Combine(folder, Reproduction.PageName)}");
        Session.Output.Flush();
    }

    private Precision ReadPrecision(ParseResult arguments, Device device, ImmutableArray<Experiment> experiments)
    {
        var precision = arguments.GetValue(_precision) is { } name ? Precision.Parse(name, s_precisions) : Precision.Float32;
        if (precision != Precision.Float32 && experiments.FirstOrDefault(experiment => !experiment.TakesPrecision) is { } one)
        {
            throw new OccamException($"'{one.Id}' is computed in float32 alone: --precision is for "
                + $"{string.Join(", ", ExperimentCatalogue.All.Values.Where(other => other.TakesPrecision).Select(other => other.Id))}");
        }

        return precision == Precision.Tf32 && device.IsCpu
            ? throw new OccamException("tf32 is how an NVIDIA GPU multiplies: give --device cuda:0 too, or another precision")
            : precision;
    }

    private static ExperimentScale ScaleOf(string name) => Scales.Contains(name)
        ? Enum.Parse<ExperimentScale>(name, ignoreCase: true)
        : throw new OccamException(
            $"unknown scale '{name}'{Nearest.Hint(name, Scales)} There are {string.Join(", ", Scales)}");
}
