using System.CommandLine;
using System.Text;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Measures.Weights;
using Occam.Networks.Loading;
using Occam.Ui.Drawing;

namespace Occam.Cli.Commands;

/// <summary><c>occam inspect</c>: what is in a network, and what can be measured of it?</summary>
internal sealed class InspectCommand : OccamCommand
{
    private readonly Argument<string> _network = new("NETWORK")
    {
        Description = "An ONNX file, TorchScript made by torch.jit.save, or weights alone (.safetensors)",
    };

    private readonly Option<bool> _drawing = new("--drawing") { Hidden = true, Description = "Write the graph as 'occam ui' draws it" };
    private readonly FunctionOptions _function;
    private readonly OutputOptions _outputs;

    public InspectCommand(Session session) : base("inspect", "Show a network's layers, and what can be measured of it", session)
    {
        Add(_network);
        Add(_drawing);
        _function = new FunctionOptions(this);
        _outputs = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam inspect net.onnx", "its layers, what folds, what bends, what can't be measured"),
        new("occam inspect net.onnx --output features", "the part of it that ends in a node"),
        new("occam inspect net.onnx --json | jq '.layers[] | {name, operator, parameters}'", "for a program to read"),
        new("occam inspect weights.safetensors", "the norms of weights without a graph"),
    ];

    protected override int Run(ParseResult arguments)
    {
        if (arguments.GetValue(_drawing))
        {
            Session.Output.WriteLine(Encoding.UTF8.GetString(NetworkDrawing.Of(arguments.GetRequiredValue(_network)).Span));
            return ExitCode.Success;
        }

        var outputs = _outputs.Read(arguments);
        var (path, choice) = (arguments.GetRequiredValue(_network), _function.Read(arguments));
        if (StoredWeights.IsOne(path) && (choice with { IsTrusted = false }) == FunctionChoice.Default)
        {
            var weights = LongWork.Run(Session, progress =>
            {
                progress.Begin("Norms");
                return StoredWeights.Read(path, progress.Report, Session.Cancellation);
            });
            if (outputs.Json is not null)
            {
                throw new OccamException("weights without a network have no layers to write: leave out --json, or give the ONNX file");
            }

            Terminal.Print(Session, console => StoredWeightsTable.Print(console, weights));
            return ExitCode.Success;
        }

        var loaded = NetworkLoader.Load(path, choice);
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(json, Session, InspectionDocument.Of(loaded));
        }

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => InspectionTable.Print(console, loaded));
        }

        return ExitCode.Success;
    }
}
