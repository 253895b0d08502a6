using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Measures;
using Occam.Measures.Weights;

namespace Occam.Cli.Commands;

/// <summary><c>occam compare</c>: is one network's function more complex than another's?</summary>
internal sealed class CompareCommand : OccamCommand
{
    private readonly Argument<string> _a =
        new("A") { Description = "The network with which is compared: ONNX or TorchScript; or weights alone, safetensors" };
    private readonly Argument<string> _b = new("B") { Description = "The network which is judged; or weights alone" };
    private readonly MeasuringOptions _options;
    private readonly Option<string[]> _failIf = new("--fail-if")
    {
        HelpName = "'ID > 1.2x'",
        Description = "End with exit code 1 when this holds of B; repeatable. 1.2x: times A's value; +5%: more than A's; 3.5: a number; "
            + "with >, >=, < or <=; a detail after a dot",
    };

    private readonly Option<bool> _perExample = new("--per-example") { Description = "Put the values of each example into the JSON" };
    private readonly Option<string> _markdown = new("--markdown")
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Write a summary in Markdown to FILE; without FILE to standard output, and nothing else there",
    };

    private readonly OutputOptions _outputs;

    public CompareCommand(Session session) : base("compare", "Compare two networks on the same data", session)
    {
        Add(_a);
        Add(_b);
        _options = new MeasuringOptions(this, needData: false);
        Add(_failIf);
        Add(_perExample);
        _outputs = new OutputOptions(this);
        Add(_markdown);
        Validators.Add(result =>
        {
            if (result.GetResult(_markdown) is { Tokens.Count: 0 } && result.GetResult("--json") is { Tokens.Count: 0 })
            {
                result.AddError("--json and --markdown can't both go to standard output: give one of them a FILE");
            }
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam compare old.onnx new.onnx --data mnist:test --limit 1000", "has it become more complex, beyond chance?"),
        new("occam compare old.onnx new.onnx --data val.npz --fail-if 'geometric-complexity > 1.2x'",
            "stop a pipeline that would ship a network a fifth more complex"),
        new("occam compare old.onnx new.onnx --data val.npz --fail-if 'local-lipschitz.maximum > +10%' --fail-if 'margin < 0.5' "
            + "--json result.json", "two conditions, and a file to keep"),
        new("occam compare old.onnx new.onnx --data val.npz --markdown summary.md", "a summary for a pull request"),
        new("occam compare base.safetensors tuned.safetensors --html spectra.html", "what tuning changed, matrix by matrix"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var areWeights = new[] { _a, _b }.Count(file => StoredWeights.IsOne(arguments.GetRequiredValue(file)));
        if (areWeights > 0 && !_options.HaveData(arguments))
        {
            return areWeights == 2 ? CompareWeights(arguments) : throw new OccamException(
                "one of the two holds weights without a graph: give two networks, or two files of weights");
        }

        var conditions = _options.Conditions(arguments, _failIf);
        var request = _options.Read(arguments, Session.Cancellation, conditions.Select(condition => condition.Measure));
        var outputs = _outputs.Read(arguments);
        var markdown = arguments.GetResult(_markdown) is null ? null : arguments.GetValue(_markdown) ?? JsonOutput.StandardOutput;
        if (markdown is not (null or JsonOutput.StandardOutput))
        {
            AtomicFile.Check(markdown);
        }

        var (a, b) = (arguments.GetRequiredValue(_a), arguments.GetRequiredValue(_b));
        var comparison = LongWork.Run(Session, progress =>
        {
            var data = Measurer.Open(request);
            progress.Prefix = "A  ";
            var first = Measurer.Measure(a, data, request, progress);
            progress.Prefix = "B  ";
            return new Comparison(first, Measurer.Measure(b, data, request, progress));
        });
        Condition.Decision[] decisions = [.. conditions.Select(condition => condition.Decide(comparison))];
        outputs.Write(
            Session, () => ComparisonDocument.Of(comparison, decisions, request.DataOptions, arguments.GetValue(_perExample)),
            () => ComparisonPage.Of(comparison, decisions, CommandText.Of(arguments)));

        if (markdown is not null)
        {
            ComparisonMarkdown.Write(markdown, Session, comparison, decisions);
        }

        if (!outputs.JsonIsTheResult && markdown != JsonOutput.StandardOutput)
        {
            Terminal.Print(Session, console => ComparisonTable.Print(console, comparison, decisions));
        }

        foreach (var decision in decisions.Where(decision => decision.Holds))
        {
            Session.Note($"occam: {ComparisonTable.Describe(decision)}");
        }

        return decisions.Any(decision => decision.Holds) ? ExitCode.ConditionHolds : ExitCode.Success;
    }

    private int CompareWeights(ParseResult arguments)
    {
        if (arguments.GetResult(_failIf) is not null || arguments.GetResult(_markdown) is not null || arguments.GetValue(_perExample))
        {
            throw new OccamException("of weights alone there are no measures to judge: leave out --fail-if, --markdown and --per-example");
        }

        var outputs = _outputs.Read(arguments);
        var comparison = LongWork.Run(Session, progress =>
        {
            progress.Begin("Comparing");
            return WeightComparison.Of(
                arguments.GetRequiredValue(_a), arguments.GetRequiredValue(_b),
                new MeasureOptions { Cancellation = Session.Cancellation, Progress = progress.Report });
        });
        outputs.Write(
            Session, () => WeightComparisonDocument.Of(comparison),
            () => WeightComparisonPage.Of(comparison, CommandText.Of(arguments)));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => WeightComparisonTable.Print(console, comparison));
        }

        return ExitCode.Success;
    }
}
