using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Auditing;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;

namespace Occam.Cli.Commands;

/// <summary><c>occam audit</c>: which examples does a network find hard?</summary>
internal sealed class AuditCommand : OccamCommand
{
    private readonly Argument<string> _network = new("NETWORK") { Description = "The network that was trained on the data: ONNX" };
    private readonly MeasuringOptions _options;
    private readonly Option<string?> _clean = new("--clean")
    {
        HelpName = "DATA",
        Description = "The same examples with the right labels, in the same order: how well each score finds the wrong ones",
    };

    private readonly Option<string?> _by =
        new("--by") { HelpName = "ID", Description = "The measure to rank the examples by [default: loss]" };
    private readonly Option<int?> _top = DataChoice.Whole("--top", "N", 1, "How many examples to show [default: 20]");
    private readonly OutputOptions _outputs;

    public AuditCommand(Session session)
        : base("audit", "Rank the examples of a data set by how hard a network finds them: mislabelled, odd, learned by heart", session)
    {
        Add(_network);
        _options = new MeasuringOptions(this);
        Add(_clean);
        Add(_by);
        Add(_top);
        _outputs = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam audit net.onnx --data train.npz", "the examples of the highest loss, with other scores beside it"),
        new("occam audit net.onnx --data train.npz --by input-loss-curvature --top 50", "ranked by how the loss bends with the input"),
        new("occam audit net.onnx --data noisy.npz --clean train.npz", "how well each score finds the labels that are wrong"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var request = _options.Read(arguments, Session.Cancellation);
        if (arguments.GetResult("--measures") is null && !arguments.GetValue<bool>("--all"))
        {
            request = request with { Measures = DataAudit.Measures };
        }

        var outputs = _outputs.Read(arguments);
        var audit = LongWork.Run(Session, progress =>
        {
            var clean = arguments.GetValue(_clean) is { } name ? DataSource.Open(name, request.DataOptions) : null;
            return DataAudit.Of(Measurer.Measure(arguments.GetRequiredValue(_network), Measurer.Open(request), request, progress), clean);
        });
        var (by, top) = (arguments.GetValue(_by) ?? audit.Scores[0].Name, arguments.GetValue(_top) ?? 20);
        _ = audit.Ranked(by);
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(json, Session, AuditDocument.Of(audit, request.DataOptions, by, top));
        }

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => AuditTable.Print(console, audit, by, top));
        }

        return ExitCode.Success;
    }
}
