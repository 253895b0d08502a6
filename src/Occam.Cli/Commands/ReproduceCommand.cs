using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Measuring;
using Occam.Cli.Output;
using Occam.Lab.Experiments;
using Occam.Torch;

namespace Occam.Cli.Commands;

/// <summary><c>occam reproduce</c>: the papers' figures, computed again.</summary>
internal sealed class ReproduceCommand : OccamCommand
{
    private const string DefaultFolder = "runs/reproduce";

    private readonly Argument<string[]> _ids = new("ID…") { Arity = ArgumentArity.ZeroOrMore, Description = "Experiments, one after the other; see --list" };
    private readonly Option<bool> _list = new("--list") { Description = "List the experiments, what they claim and how long they take on two cores" };
    private readonly Option<string> _scale = new("--scale") { HelpName = string.Join('|', Scales), Description = "How much is computed: smoke shows that it works, laptop judges the claims, paper takes the paper's own sizes [default: laptop]" };
    private readonly Option<int?> _seeds = DataChoice.Whole("--seeds", "N", 1, "How many seeds; each experiment's own number when left out");
    private readonly Option<int?> _seed = DataChoice.Whole("--seed", "S", 0, "The first seed [default: 0]");
    private readonly Option<string> _out = new("--out") { HelpName = "DIR", Description = $"The folder for page, CSV and verdicts; of several experiments, a folder each in it [default: {DefaultFolder}/ID-SCALE]" };
    private readonly Option<string[]> _set = new("--set") { HelpName = "NAME=NUMBER", Description = "A number in place of an experiment’s own, where it has such options; may be repeated, see --list" };
    private readonly Option<string> _root = DataChoice.RootOption();
    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly Option<int?> _threads = DataChoice.Whole("--threads", "N", 1, "How many trainings side by side; as many as there are cores when left out", MeasuringOptions.MostThreads);

    public ReproduceCommand(Session session) : base("reproduce", "Compute a paper's figure again, with a verdict on each claim", session)
    {
        _ids.CompletionSources.Add(_ => ExperimentCatalogue.All.Values.Select(experiment => new CompletionItem(experiment.Id, detail: experiment.Title)));
        _scale.CompletionSources.Add(Scales);
        Add(_ids);
        foreach (Option option in (Option[])[_list, _scale, _seeds, _seed, _set, _out, _root, _device, _threads])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam reproduce --list", "which figures there are"),
        new("occam reproduce gor-1", "one of them, judged in a minute"),
        new("occam reproduce gor-1 --scale smoke --out gor-1", "a quick look, into a folder of its own"),
    ];

    private static string[] Scales => [.. Enum.GetNames<ExperimentScale>().Select(scale => scale.ToLowerInvariant())];

    protected override int Run(ParseResult arguments)
    {
        var ids = arguments.GetValue(_ids) ?? [];
        if (arguments.GetValue(_list))
        {
            Terminal.Print(Session, ExperimentCatalogueTable.Print);
            return CommandLine.Success;
        }

        ImmutableArray<Experiment> experiments = [.. ids.Distinct().Select(ExperimentCatalogue.Find)];
        if (experiments.IsEmpty)
        {
            throw new OccamException("no experiment is named: expected at least one id, such as gor-1; 'occam reproduce --list' shows all");
        }

        var scale = Scale(arguments.GetValue(_scale) ?? "laptop");
        var given = ExperimentOptions.Parse(arguments.GetValue(_set) ?? [], experiments);
        var device = Device.Parse(arguments.GetValue(_device) ?? "cpu");
        var code = CommandLine.Success;
        foreach (var experiment in experiments)
        {
            var folder = arguments.GetValue(_out) is not { } root ? Path.Combine(DefaultFolder, $"{experiment.Id}-{NameOf(scale)}")
                : experiments.Length == 1 ? root
                : Path.Combine(root, experiment.Id);
            try
            {
                Reproduce(arguments, experiment, scale, given, device, folder);
            }
            catch (OccamException e) when (experiments.Length > 1)
            {
                // What stops one experiment, such as missing data, need not stop the others.
                Session.Note($"occam: {experiment.Id}: {e.Message}");
                code = CommandLine.UserError;
            }
        }

        return code;
    }

    private void Reproduce(ParseResult arguments, Experiment experiment, ExperimentScale scale, ImmutableSortedDictionary<string, double> given, Device device, string folder)
    {
        Session.Note($"{experiment.Id}: {experiment.Title} ({experiment.Paper}, {experiment.Figure}; scale {NameOf(scale)})");
        var first = arguments.GetValue(_seed) ?? 0;
        var seeds = arguments.GetValue(_seeds) ?? experiment.Size(scale).Seeds;
        var reproduced = LongWork.Run(Session, progress => Reproduction.Run(
            experiment,
            new ExperimentContext
            {
                Scale = scale,
                Seeds = [.. Enumerable.Range(first, seeds)],
                Given = given,
                DataRoot = arguments.GetValue(_root),
                Device = device,
                Threads = arguments.GetValue(_threads) ?? Environment.ProcessorCount,
                Cancellation = Session.Cancellation,
                Progress = Session.ErrorIsTerminal ? progress : new ExperimentProgress(Session, experiment.Id),
            },
            folder,
            CommandLine.Write(arguments)));
        foreach (var verdict in reproduced.Outcome.Verdicts)
        {
            Session.Output.WriteLine(VerdictLine.Of(verdict));
        }

        Session.Output.WriteLine($"The page: {Path.Combine(folder, Reproduction.PageName)}");
        Session.Output.Flush();
    }

    private static ExperimentScale Scale(string name) =>
        Scales.Contains(name)
            ? Enum.Parse<ExperimentScale>(name, ignoreCase: true)
            : throw new OccamException($"unknown scale '{name}': did you mean '{Nearest.Of(name, Scales)}'? There are {string.Join(", ", Scales)}");

    private static string NameOf(ExperimentScale scale) => scale.ToString().ToLowerInvariant();
}
