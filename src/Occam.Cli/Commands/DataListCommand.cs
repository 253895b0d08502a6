using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary><c>occam data list</c>.</summary>
internal sealed class DataListCommand(Session session) : OccamCommand("list", "List the data sets that have a name", session)
{
    public override IReadOnlyList<Example> Examples { get; } = [new("occam data list", "which data sets have a name")];

    protected override int Run(ParseResult arguments)
    {
        Terminal.Print(Session, DataCatalogueTable.Print);
        return ExitCode.Success;
    }
}
