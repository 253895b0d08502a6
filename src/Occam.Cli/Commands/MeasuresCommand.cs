using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Measures;

namespace Occam.Cli.Commands;

/// <summary><c>occam measures</c>: the catalogue of measures.</summary>
internal sealed class MeasuresCommand : OccamCommand
{
    private readonly Argument<string?> _id = new("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "A measure, to be told all about" };

    public MeasuresCommand(Session session) : base("measures", "List the measures, or tell all about one", session)
    {
        _id.CompletionSources.Add(_ => MeasureCatalogue.All.Keys.Select(id => new CompletionItem(id)));
        Add(_id);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam measures", "what can be measured"),
        new("occam measures local-lipschitz", "what it is, where it comes from, what it needs"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var measure = arguments.GetValue(_id) is { } id ? MeasureCatalogue.Find(id) : null;
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
