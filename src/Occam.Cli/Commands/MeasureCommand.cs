using System.Collections.Immutable;
using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.Measuring.Shards;
using Occam.Lab.PaperItems.Results;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Measures.Weights;
using Occam.Networks.Loading;

namespace Occam.Cli.Commands;

/// <summary><c>occam measure</c>: how complex is the function of a network on data?</summary>
internal sealed class MeasureCommand : OccamCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly ParserConfiguration s_parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private readonly Argument<string> _network = new("NETWORK")
    {
        Description = "An ONNX file, TorchScript made by torch.jit.save, or weights alone (.safetensors, or the index of several)",
    };

    private readonly MeasuringOptions _options;
    private readonly Option<string> _baseline = new("--baseline")
    {
        HelpName = "FILE.json",
        Description = "Hold it against another measurement, which --json wrote: of the same network at initialization, of one trained on "
            + "random labels, of last week's",
    };

    private readonly Option<bool> _perExample = new("--per-example") { Description = "Put the value of each example into the JSON" };
    private readonly OutputOptions _outputs;
    private readonly ShardOptions _shards;
    private readonly ClusterOptions _cluster;

    public MeasureCommand(Session session) : base("measure", "Measure how complex a network's function is on data", session)
    {
        Add(_network);
        _options = new MeasuringOptions(this, needData: false);
        Add(_baseline);
        Add(_perExample);
        _outputs = new OutputOptions(this);
        _shards = new ShardOptions(this);
        _cluster = new ClusterOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam measure net.onnx --data mnist:test --limit 1000", "the usual measures on 1,000 test images"),
        new("occam measure net.onnx --data points.npz --measures geometric-complexity,margin",
            "two measures on arrays x and y of one's own"),
        new("occam measure net.onnx --data mnist:test --estimate 8 --html report.html",
            "a faster estimate with its error, and a page with charts"),
        new("occam measure net.onnx --data mnist:test --baseline initial.json", "steep or flat against the network before training"),
        new("occam measure net.onnx --data mnist:train --measures expected-sharpness --alpha 0.01 --draws 100",
            "how much random changes of the weights raise the loss"),
        new("occam measure net.onnx --data shards/ --shard 2/8", "the second eighth of data that are too many for one run"),
        new("occam measure net.onnx --data shards/ --shards 100 --on slurm", "all of them, in a hundred tasks of a cluster"),
        new("occam measure model.safetensors", "norms of weights without their network"),
        new("occam measure net.onnx --data glyphs:test --all --json | jq '.measures[] | {id, value}'", "everything, for a program to read"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        if (!_options.HaveData(arguments))
        {
            var given = arguments.GetRequiredValue(_network);
            if (StoredWeights.IsOne(given))
            {
                return MeasureWeights(arguments);
            }

            // What is no network is told for what it is, before it is asked for data that would not help.
            if (File.Exists(given))
            {
                NetworkLoader.IsTorchScript(given);
            }
        }

        var cancellation = _shards.StopsWithInput(arguments) ? ParentWatch.Begin(Session.Cancellation) : Session.Cancellation;
        var request = _options.Read(arguments, cancellation);
        var outputs = _outputs.Read(arguments);
        var baseline = arguments.GetValue(_baseline) is { } file ? Baseline.Read(file) : null;
        var path = arguments.GetRequiredValue(_network);
        var cluster = _cluster.Read(arguments);
        if (_shards.ReadAll(arguments) is { } shards)
        {
            Session.AskPatience(s_patience);
            var folder = Directory.CreateDirectory(_shards.FolderOf(arguments, path)).FullName;
            var tasks = _shards.Tasks(arguments, path, shards);
            var merged = ShardedRun.Run(Session, path, request, tasks, _shards.Jobs(arguments), cluster is null ? null
                : ended => _cluster.Executor(arguments, cluster, folder, Session, ended));
            MeasuredOutput.Show(
                Session, outputs, merged, request.DataOptions, arguments.GetValue(_perExample), CommandText.Of(arguments), baseline);
            return ExitCode.Success;
        }

        if (cluster is not null)
        {
            throw new OccamException("--on slurm is for shards: give --shards N, too");
        }

        if (_shards.Read(arguments) is { } place)
        {
            return outputs is not { Json: null, Html: null } || arguments.GetValue(_perExample)
                ? throw new OccamException(
                    "a shard's values are no results yet: leave out --json, --html and --per-example, and give them to occam merge")
                : MeasureShard(arguments, path, request, place);
        }

        if (outputs.JsonIsTheResult)
        {
            MeasureDocument.Prepare();
        }

        var (measured, initial) = LongWork.Run(Session, progress =>
        {
            var data = Measurer.Open(request);
            var found = Measurer.Measure(path, data, request, progress);
            return (found, baseline is null ? AtInitialization(found, request, progress) : null);
        });
        MeasuredOutput.Show(
            Session, outputs, measured, request.DataOptions, arguments.GetValue(_perExample), CommandText.Of(arguments),
            baseline ?? initial);
        return ExitCode.Success;
    }

    /// <summary>What another command line of this command asks for, and its network.</summary>
    /// <exception cref="OccamException">It can't be read.</exception>
    internal (string Path, MeasuringRequest Request) Read(IReadOnlyList<string> tokens)
    {
        var arguments = Parse(tokens, s_parsing);
        return arguments.Errors is [var error, ..] ? throw new OccamException(error.Message)
            : (arguments.GetRequiredValue(_network), _options.Read(arguments, Session.Cancellation));
    }

    // Where the weights before training are given, they tell what the slope began with.
    private static Baseline? AtInitialization(MeasuredNetwork measured, MeasuringRequest request, WorkProgress progress)
    {
        var slopes = request.Measures
            .Where(measure => measure is GeometricComplexity or LocalLipschitz && measured.Find(measure.Name)?.Value is not null)
            .ToImmutableArray();
        if (request.Initial is not { } path || slopes.IsEmpty)
        {
            return null;
        }

        progress.Prefix = "at initialization  ";
        return Baseline.Of(
            Measurer.Measure(path, measured.Data, request with { Measures = slopes, Initial = null }, progress), "at initialization");
    }

    private int MeasureWeights(ParseResult arguments)
    {
        var (measures, initial) = _options.ReadOfWeights(arguments);
        if (_shards.Read(arguments) is not null || arguments.GetResult(_baseline) is not null || arguments.GetValue(_perExample))
        {
            throw new OccamException("of weights alone there are no examples: leave out --shard, --baseline and --per-example");
        }

        var outputs = _outputs.Read(arguments);
        var path = arguments.GetRequiredValue(_network);
        var results = LongWork.Run(Session, progress =>
        {
            progress.Begin("Norms");
            return StoredWeights.Measure(path, initial, measures, new MeasureOptions
            {
                Cancellation = Session.Cancellation,
                Progress = progress.Report,
            });
        });
        outputs.Write(
            Session, () => WeightsDocument.Of(path, results),
            () => WeightsPage.Of(path, results, CommandText.Of(arguments), MeasureClaims.Of));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => MeasureTable.PrintWeights(console, path, results));
        }

        return ExitCode.Success;
    }

    private int MeasureShard(ParseResult arguments, string path, MeasuringRequest request, ShardPlace place)
    {
        Session.AskPatience(s_patience);
        var file = _shards.FileOf(arguments, path, place);
        var part = LongWork.Run(Session, progress => ShardMeasurer.Measure(
            path, Measurer.Open(request), request, place, file, ShardOptions.ArgumentsOf(arguments), progress));
        var (first, count) = part.Examples;
        Session.Note($"wrote {file}: examples {first:N0} to {first + count - 1:N0} of {part.Identity.Examples:N0}; with the others: "
            + "occam merge PARTS");
        return ExitCode.Success;
    }
}
