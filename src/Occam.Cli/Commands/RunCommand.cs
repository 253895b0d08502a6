using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Documents;
using Occam.Lab.Inference;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Configuration;
using Occam.Measures;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Cli.Commands;

/// <summary><c>occam run</c>: what does a network compute from arrays?</summary>
internal sealed class RunCommand : OccamCommand
{
    private readonly Argument<string> _network = new("NETWORK") { Description = "An ONNX file" };
    private readonly Option<string> _data = new("--data")
    {
        HelpName = "X.npz",
        Description = "The inputs: an array by the name of each (for a single input, x does, too); .npy for a single one",
    };
    private readonly Option<string> _out =
        new("--out") { HelpName = "Y.npz", Required = true, Description = "Where the arrays are written" };
    private readonly Option<string[]> _outputs = new("--output")
    {
        HelpName = "NODE",
        Description = "Write this node or value, once for each; the model's outputs when left out",
    };
    private readonly Option<string[]> _fix = new("--fix")
    {
        HelpName = "NAME=NUMBER",
        Description = "Give this input one number everywhere, in place of an array of the data; may be repeated",
    };
    private readonly Option<string> _position = FunctionOptions.PositionOption();
    private readonly Option<bool> _jacobian = new("--jacobian")
    {
        Description = "Write the Jacobian of the first output, too: examples × outputs × inputs, or the whole where examples mix",
    };
    private readonly Option<string> _input = new("--input")
    {
        HelpName = "NODE",
        Description = "What the Jacobian and the measures are by: an input, node or value; when left out, the first floating-point input, "
            + "or the word embedding that token ids go into",
    };
    private readonly Option<bool> _perExample = new("--per-example") { Description = "Write the values of measures by example, too" };
    private readonly Option<string[]> _measures = ParameterOptions.MeasuresOption(
        "Which measures, for --per-example; the usual ones when left out. y holds the labels");
    private readonly Option<int?> _batch = DataChoice.Whole(
        "--batch", "N", 1, "Compute N examples at once, which the first axis of all arrays counts; all of them when left out");
    private readonly Option<string> _precision = new("--precision")
    {
        HelpName = string.Join('|', Precisions.NamesOf(Precisions.OfNetworks)),
        Description = "Compute in this precision; the network's own when left out",
    };
    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly Option<int?> _threads = DataChoice.Whole(
        "--threads", "N", 1, "How many threads one operator may use", MeasuringOptions.MostThreads);
    private readonly OutputOptions _results;

    public RunCommand(Session session) : base("run", "Run a network on arrays as it is, and write what it computes", session)
    {
        _precision.CompletionSources.Add([.. Precisions.NamesOf(Precisions.OfNetworks)]);
        Add(_network);
        foreach (Option option in (Option[])[
            _data, _out, _outputs, _position, _fix, _jacobian, _input, _perExample, _measures, _batch, _precision, _device, _threads,
        ])
        {
            Add(option);
        }

        _results = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam run net.onnx --data x.npz --out y.npz", "every output, by its name and in its type"),
        new("occam run net.onnx --data x.npz --out y.npz --output /layer4/Relu --output logits", "inner values as well"),
        new("occam run net.onnx --data x.npz --out j.npz --jacobian", "and the derivative of each output by each input"),
        new("occam run net.onnx --data x.npz --out m.npz --per-example --measures geometric-complexity,margin",
            "and measures, a number an example"),
        new("occam run gpt.onnx --data ids.npz --out y.npz --position last --json", "the last token's logits, told as JSON"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var request = Request(arguments);
        var target = arguments.GetRequiredValue(_out);
        AtomicFile.Check(target);
        var results = _results.Read(arguments);
        if (arguments.GetValue(_threads) is { } threads)
        {
            Libtorch.Threads = threads;
        }

        var result = LongWork.Run(Session, progress => InferenceRunner.Run(request, progress));
        result.Write(target);
        if (results.Json is { } json)
        {
            JsonOutput.Write(json, Session, InferenceDocument.Of(request, target, result));
        }

        if (!results.JsonIsTheResult)
        {
            Terminal.Print(Session, console => InferenceTable.Print(console, result));
        }

        Session.Note($"wrote {target}");
        return ExitCode.Success;
    }

    private InferenceRequest Request(ParseResult arguments)
    {
        var data = arguments.GetValue(_data);
        var outputs = arguments.GetValue(_outputs) ?? [];
        var precision = arguments.GetValue(_precision) is { } name ? Precision.Parse(name, Precisions.OfNetworks) : (Precision?)null;
        var device = arguments.GetValue(_device) ?? "cpu";
        var position = arguments.GetValue(_position) is { } at ? PositionChoice.Parse(at) : null;
        if (arguments.GetResult(_input) is not null && !arguments.GetValue(_jacobian) && !arguments.GetValue(_perExample))
        {
            throw new OccamException("--input chooses what is differentiated by: give --jacobian or --per-example, too");
        }

        return new InferenceRequest
        {
            Network = arguments.GetRequiredValue(_network),
            Data = data,
            Fixed = FunctionOptions.Fixed(arguments.GetValue(_fix)),
            Outputs = [.. outputs],
            Position = position,
            Jacobian = arguments.GetValue(_jacobian),
            Input = arguments.GetValue(_input),
            Batch = arguments.GetValue(_batch),
            Precision = precision,
            Device = device,
            Measuring = Measuring(arguments) is not { Length: > 0 } measures ? null : new MeasuringRequest
            {
                Data = data ?? throw new OccamException("--per-example measures on examples: give --data"),
                DataOptions = new DataOptions(),
                Measures = [.. measures],
                Options = new MeasureOptions { Batch = arguments.GetValue(_batch), Cancellation = Session.Cancellation },
                Function = new FunctionChoice
                {
                    Input = arguments.GetValue(_input),
                    Output = outputs.FirstOrDefault(),
                    Position = position,
                    Fixed = FunctionOptions.Fixed(arguments.GetValue(_fix)),
                },
                Precision = precision,
                Device = device,
                Threads = arguments.GetValue(_threads),
            },
            Cancellation = Session.Cancellation,
        };
    }

    private Measure[] Measuring(ParseResult arguments)
    {
        var given = arguments.GetResult(_measures) is not null;
        if (!arguments.GetValue(_perExample))
        {
            return given ? throw new OccamException("--measures chooses what --per-example writes: give --per-example, too") : [];
        }

        return given
            ? [.. new MeasureText(_measures.Name).ReadAll(string.Join(',', arguments.GetValue(_measures) ?? []))]
            : [.. MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet)];
    }
}
