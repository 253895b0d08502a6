using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.PaperItems;
using Occam.Lab.PaperItems.Results;

namespace Occam.Cli.Commands;

/// <summary><c>occam papers</c>: all that the papers say, where Occam answers it, and how it stands.</summary>
internal sealed class PapersCommand : OccamCommand
{
    private readonly Argument<string?> _id = new("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "An item, to be told all about" };
    private readonly Option<string?> _paper = new("--paper")
    {
        HelpName = string.Join('|', PaperCatalogue.Papers.Select(paper => paper.Id)),
        Description = "The items of one paper",
    };
    private readonly Option<string?> _kind = new("--kind")
    {
        HelpName = string.Join('|', PaperItemKinds.All.Select(kind => PaperItemKinds.NameOf(kind.Kind))),
        Description = "The items that are answered in one way",
    };
    private readonly Option<string> _runs = new("--runs")
    {
        HelpName = "DIR",
        Description = "The folder of your own runs of figures, which count where they are newer "
            + $"[default: {ReproduceCommand.DefaultFolder}]",
    };
    private readonly Option<string[]> _record = new("--record")
    {
        HelpName = "RUN…",
        AllowMultipleArgumentsPerToken = true,
        Description = "Copy the verdicts of these runs of figures into the folder of recorded results, and write its README.md anew",
    };
    private readonly Option<string> _results = new("--results")
    {
        HelpName = "DIR",
        Description = $"The folder of recorded results, for --record [default: {RecordedFigure.InOccam}]",
    };
    private readonly OutputOptions _outputs;

    public PapersCommand(Session session)
        : base("papers", "List what the papers say, where Occam answers it, and the verdicts", session)
    {
        _id.CompletionSources.Add(_ => PaperCatalogue.Items.Select(item => new CompletionItem(item.Id, detail: item.What)));
        _paper.CompletionSources.Add(_ => PaperCatalogue.Papers.Select(paper => new CompletionItem(paper.Id, detail: paper.Title)));
        _kind.CompletionSources.Add(_ => PaperItemKinds.All.Select(kind => new CompletionItem(PaperItemKinds.NameOf(kind.Kind))));
        Add(_id);
        foreach (Option option in (Option[])[_paper, _kind, _runs, _record, _results])
        {
            Add(option);
        }

        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam papers", "every definition, equation, theorem, panel, claim and setting of the papers"),
        new("occam papers --paper gor --kind judged", "the claims of one paper, with their verdicts"),
        new("occam papers gor-eq-5", "all about one item"),
        new("occam papers --html papers.html", "a page of all, with the index of the figures"),
    ];

    protected override int Run(ParseResult arguments)
    {
        if (arguments.GetValue(_record) is { Length: > 0 } folders)
        {
            Record(folders, arguments.GetValue(_results) ?? RecordedFigure.InOccam);
            return ExitCode.Success;
        }

        var one = arguments.GetValue(_id) is { } id ? PaperCatalogue.Find(id) : null;
        var items = one is null ? Items(arguments) : [one];
        var outputs = _outputs.Read(arguments);
        var figures = RecordedFigures.InOccam.With(arguments.GetValue(_runs) ?? ReproduceCommand.DefaultFolder);
        outputs.Write(
            Session, () => PaperItemsDocument.Of(items, item => ItemStanding.Of(item, figures).Verdicts),
            () => PaperItemsPage.Of(
                items, figures, Path.GetDirectoryName(Path.GetFullPath(outputs.Html!))!, CommandText.Of(arguments)));
        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(Session, console =>
            {
                if (one is null)
                {
                    PaperItemTable.Print(console, [.. items.Select(item => ItemStanding.Of(item, figures))]);
                }
                else
                {
                    PaperItemTable.Print(console, ItemStanding.Of(one, figures));
                }
            });
        }

        return ExitCode.Success;
    }

    private ImmutableArray<PaperItem> Items(ParseResult arguments)
    {
        var items = arguments.GetValue(_paper) is { } paper ? PaperCatalogue.FindPaper(paper).Items : PaperCatalogue.Items;
        return arguments.GetValue(_kind) is { } name && PaperItemKinds.Parse(name) is var kind
            ? [.. items.Where(item => item.Kind == kind)]
            : items;
    }

    private void Record(string[] folders, string results)
    {
        foreach (var file in RecordedResults.Record(folders, results))
        {
            Session.Note($"wrote {file}");
        }
    }
}
