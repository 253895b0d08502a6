using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;

namespace Occam.Cli.Commands;

/// <summary><c>occam data verify</c>.</summary>
internal sealed class DataVerifyCommand : OccamCommand
{
    private readonly Argument<string?> _name =
        new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "A named data set; all of them when left out" };
    private readonly Option<string> _root = DataCommand.RootOption();

    public DataVerifyCommand(Session session) : base("verify", "Compare the files of named data sets with their checksums", session)
    {
        _name.CompletionSources.Add([.. DataCatalogue.Known.Select(set => set.Name)]);
        Add(_name);
        Add(_root);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam data verify", "all that is there; exit code 2 when a file of a set differs, or is missing while others are there"),
        new("occam data verify mnist", "one set; exit code 2 when a file differs or is missing"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var name = arguments.GetValue(_name);
        var options = new DataOptions { Root = arguments.GetValue(_root) };
        string[] names = name is null ? [.. DataCatalogue.Known.Select(set => set.Name)] : [DataCatalogue.Find(name).Name];
        var found = LongWork.Run(Session, progress => names.Select(set =>
        {
            Session.Cancellation.ThrowIfCancellationRequested();
            progress.Begin(set);
            return (Set: set, Files: DataVerification.Verify(set, options));
        }).ToArray());
        Terminal.Print(Session, console => DataCatalogueTable.Print(console, found));

        // A set of which no file is there was never fetched, and is wrong only where it was asked for.
        var isWrong = found.Any(set => set.Files.Any(file => file.State == FileState.Different)
            || (set.Files.Any(file => file.State == FileState.Missing)
                && (name is not null || set.Files.Any(file => file.State != FileState.Missing))));
        return isWrong ? ExitCode.UserError : ExitCode.Success;
    }
}
