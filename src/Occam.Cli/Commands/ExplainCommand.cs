using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.Explaining;
using Occam.Lab.Explaining.Pages;
using Occam.Lab.Measuring;
using Occam.Lab.Runs.Query;
using Occam.Lab.Text;
using Occam.Measures;
using Occam.Torch;

namespace Occam.Cli.Commands;

/// <summary><c>occam explain</c>: how complex is what a run learned, and why not more so?</summary>
internal sealed class ExplainCommand : OccamCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "A run's name as 'occam runs' lists it, or its folder" };
    private readonly Option<string> _root = RunsCommand.RootOption();
    private readonly Option<string> _out =
        new("--out") { HelpName = "FILE.html", Description = "The page [default: explanation.html in the run's folder]" };
    private readonly Option<string> _data = new("--data")
    {
        HelpName = "train|test|DATA",
        DefaultValueFactory = _ => "train",
        Description = "Measure complexity on the run's training or test data, or others, normalized as its own [default: train]",
    };
    private readonly Option<int?> _limit = DataChoice.Whole("--limit", "N", 1, "Take a random subset of N examples [default: 500]");
    private readonly Option<int?> _estimate = DataChoice.Whole(
        "--estimate", "N", 1, "Estimate squared Jacobian norms with so many random directions an example; when left out, they are "
            + $"exact up to {NumberText.Count(MeasureOptions.MostExactRows)} rows or columns");
    private readonly Option<int?> _seed =
        DataChoice.Whole("--seed", "S", 0, "The seed of the subset, the batches and everything else random [default: 0]");
    private readonly Option<string> _device = MeasuringOptions.DeviceOption();
    private readonly OutputOptions _outputs;

    public ExplainCommand(Session session)
        : base("explain", "Explain a run: how complexity grew, what held it down, where it sits, how it compares", session)
    {
        _run.CompletionSources.Add(_ => new RunStore("runs").Runs().Select(pair => new CompletionItem(pair.Name)));
        _data.CompletionSources.Add("train", "test");
        Add(_run);
        foreach (Option option in (Option[])[_root, _out, _data, _limit, _estimate, _seed, _device])
        {
            Add(option);
        }

        _outputs = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam explain mlp-glyphs", "a page in the run's folder, and what it comes to"),
        new("occam explain mlp-glyphs --data test --limit 1000 --out page.html", "by 1,000 test examples"),
        new("occam explain mlp-glyphs --json | jq '.mechanisms.pulls[] | {name, effect}'", "for a program to read"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var root = arguments.GetRequiredValue(_root);
        var run = new RunStore(root).Find(arguments.GetRequiredValue(_run));
        var outputs = _outputs.Read(arguments);
        var page = arguments.GetValue(_out) ?? Path.Combine(run.FolderPath, "explanation.html");
        AtomicFile.Check(page);
        var request = new ExplanationRequest
        {
            Root = root,
            Data = arguments.GetRequiredValue(_data),
            Limit = arguments.GetValue(_limit) ?? new ExplanationRequest().Limit,
            Directions = arguments.GetValue(_estimate),
            Seed = arguments.GetValue(_seed) ?? 0,
            Device = Device.Parse(arguments.GetValue(_device) ?? "cpu"),
            Cancellation = Session.Cancellation,
        };
        var explanation = LongWork.Run(Session, progress => new Explainer(request with { Progress = progress }).Explain(run));
        var document = ExplanationDocument.Of(explanation);
        PageOutput.Write(page, Session, ExplanationPage.Of(explanation, CommandText.Of(arguments)), document);
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(json, Session, document);
        }

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console => ExplanationTable.Print(console, explanation));
        }

        return ExitCode.Success;
    }
}
