using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;

namespace Occam.Cli.Commands;

/// <summary><c>occam measure</c>: how complex is the function of a network on data?</summary>
internal sealed class MeasureCommand : OccamCommand
{
    private readonly Argument<string> _network = new("NETWORK") { Description = "An ONNX file, or TorchScript made by torch.jit.save" };
    private readonly MeasuringOptions _options;
    private readonly Option<bool> _perExample = new("--per-example") { Description = "Put the value of each example into the JSON" };
    private readonly OutputOptions _outputs;

    public MeasureCommand(Session session) : base("measure", "Measure how complex a network's function is on data", session)
    {
        Add(_network);
        _options = new MeasuringOptions(this);
        Add(_perExample);
        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam measure net.onnx --data mnist:test --limit 1000", "the usual measures on 1,000 test images"),
        new("occam measure net.onnx --data points.npz --measures geometric-complexity,margin",
            "two measures on arrays x and y of one's own"),
        new("occam measure net.onnx --data mnist:test --estimate 8 --html report.html",
            "a faster estimate with its error, and a page with charts"),
        new("occam measure net.onnx --data mnist:train --measures expected-sharpness --alpha 0.01 --draws 100",
            "how much random changes of the weights raise the loss"),
        new("occam measure net.onnx --data glyphs:test --all --json | jq '.measures[] | {id, value}'", "everything, for a program to read"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var request = _options.Read(arguments, Session.Cancellation);
        var outputs = _outputs.Read(arguments);
        var path = arguments.GetRequiredValue(_network);
        var measured = LongWork.Run(Session, progress => Measurer.Measure(path, Measurer.Open(request), request, progress));
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(json, Session, MeasureDocument.Of(measured, request.DataOptions, arguments.GetValue(_perExample)));
        }

        if (outputs.Html is { } html)
        {
            PageOutput.Write(html, Session, MeasurePage.Of(measured, CommandText.Of(arguments)));
        }

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => MeasureTable.Print(console, measured));
        }

        return ExitCode.Success;
    }
}
