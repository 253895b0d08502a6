using System.CommandLine;
using System.Globalization;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Auditing;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Measures.Loss;

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
    private readonly Option<string[]> _along = new("--along")
    {
        HelpName = "NETWORK…",
        Description = "The network at earlier moments of its training, in their order: how often an example was forgotten is a score, too",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double?> _duplicates = new("--duplicates")
    {
        HelpName = "REACH",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Also look for pairs of examples whose inputs are nearer than REACH times the data's spread [default: "
            + $"{DuplicateSearch.UsualReach.ToString(CultureInfo.InvariantCulture)}]; 0 for equal ones",
    };

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
        Add(_along);
        Add(_duplicates);
        _duplicates.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double?>() is not (>= 0 and < double.PositiveInfinity))
            {
                result.AddError("--duplicates takes how near counts, a number of at least 0, in the data's spread");
            }
        });
        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam audit net.onnx --data train.npz", "the examples of the highest loss, with other scores beside it"),
        new("occam audit net.onnx --data train.npz --by input-loss-curvature --top 50", "ranked by how the loss bends with the input"),
        new("occam audit net.onnx --data noisy.npz --clean train.npz", "how well each score finds the labels that are wrong"),
        new("occam audit net.onnx --data train.npz --along epoch1.onnx epoch2.onnx --by forgetting --duplicates",
            "ranked by how often they were forgotten; and examples that are there twice"),
        new("occam audit net.onnx --data train.npz --html audit.html", "a page that shows the examples that stand out"),
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
            var data = Measurer.Open(request);
            var measured = Measurer.Measure(arguments.GetRequiredValue(_network), data, request, progress);
            MeasuredNetwork[] along =
            [
                .. (arguments.GetValue(_along) ?? []).Select(file =>
                    Measurer.Measure(file, data, request with { Measures = [new Margin()] }, progress)),
            ];
            var audit = DataAudit.Of(measured, clean, along);
            if (arguments.GetResult(_duplicates) is null)
            {
                return audit;
            }

            progress.Begin("Duplicates");
            return audit with
            {
                Duplicates = DuplicateSearch.Of(
                    data, arguments.GetValue(_duplicates) ?? DuplicateSearch.UsualReach, progress.Report, Session.Cancellation),
            };
        });
        var (by, top) = (arguments.GetValue(_by) ?? audit.Scores[0].Name, arguments.GetValue(_top) ?? 20);
        var foremost = audit.Foremost(by, top);
        outputs.Write(
            Session, () => AuditDocument.Of(audit, request.DataOptions, by, foremost),
            () => AuditPage.Of(audit, by, foremost, CommandText.Of(arguments)));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => AuditTable.Print(console, audit, foremost));
        }

        return ExitCode.Success;
    }
}
