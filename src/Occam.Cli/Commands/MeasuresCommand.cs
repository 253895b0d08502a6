using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.PaperItems.Results;
using Occam.Measures;

namespace Occam.Cli.Commands;

/// <summary><c>occam measures</c>: the catalogue of measures.</summary>
internal sealed class MeasuresCommand : OccamCommand
{
    private readonly Argument<string?> _id = new("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "A measure, to be told all about" };
    private readonly OutputOptions _outputs;

    public MeasuresCommand(Session session) : base("measures", "List the measures, or tell all about one", session)
    {
        _id.CompletionSources.Add(_ => MeasureCatalogue.All.Keys.Select(id => new CompletionItem(id)));
        Add(_id);
        _outputs = new OutputOptions(this, page: false);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam measures", "what can be measured"),
        new("occam measures max-sharpness", "what it is, where it comes from, what it needs, its parameters"),
        new("occam measures --json | jq '.measures[].id'", "the ids of all, for a program to read"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var measure = arguments.GetValue(_id) is { } id ? MeasureCatalogue.Find(id) : null;
        var outputs = _outputs.Read(arguments);
        if (outputs.Json is { } json)
        {
            JsonOutput.Write(json, Session, MeasureCatalogueDocument.Of(
                measure is null ? MeasureCatalogue.All.Values : [measure], MeasureClaims.Of));
        }

        if (outputs.JsonIsTheResult)
        {
            return ExitCode.Success;
        }

        Terminal.Print(Session, console =>
        {
            if (measure is null)
            {
                MeasureCatalogueTable.Print(console);
            }
            else
            {
                MeasureCatalogueTable.Print(console, measure);
            }
        });
        return ExitCode.Success;
    }
}
