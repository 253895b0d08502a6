using System.CommandLine;
using Occam.Cli.Running;

namespace Occam.Cli.Commands;

/// <summary><c>occam data</c>: the data sets that have a name, and what is in a file.</summary>
internal sealed class DataCommand : OccamCommand
{
    public DataCommand(Session session) : base("data", "List, fetch, verify and look at data sets", session)
    {
        Add(new DataListCommand(session));
        Add(new DataGetCommand(session));
        Add(new DataVerifyCommand(session));
        Add(new DataShowCommand(session));
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam data list", "which data sets have a name"),
        new("occam data get mnist", "fetch one into ./data, or $OCCAM_DATA where it is set"),
        new("occam data show points.npz", "what is in a file of one's own"),
    ];

    /// <summary>The option that names the folder of named data sets.</summary>
    public static Option<string> RootOption() =>
        new("--data-root")
        {
            HelpName = "DIR",
            Description = "The folder of named data sets; when left out $OCCAM_DATA, ./data and ../shared/data",
        };

    protected override int Run(ParseResult arguments) => new Help(Session).Invoke(arguments);
}
