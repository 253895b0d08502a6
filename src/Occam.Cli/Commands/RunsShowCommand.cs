using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;

namespace Occam.Cli.Commands;

/// <summary><c>occam runs show</c>.</summary>
internal sealed class RunsShowCommand : OccamCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "A run's name as 'occam runs' lists it, or its folder" };
    private readonly Option<string> _root = RunsCommand.RootOption();
    private readonly Option<bool> _config = new("--config") { Description = "Print its configuration, as it was written" };

    public RunsShowCommand(Session session) : base("show", "Show how a run stands, and its metrics", session)
    {
        _run.CompletionSources.Add(_ => new RunStore("runs").Runs().Select(pair => new CompletionItem(pair.Name)));
        Add(_run);
        Add(_root);
        Add(_config);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam runs show mlp-glyphs", "its state and the last value of every metric"),
        new("occam runs show mlp-glyphs --config", "its configuration, to train it again"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var run = new RunStore(arguments.GetRequiredValue(_root)).Find(arguments.GetRequiredValue(_run));
        if (arguments.GetValue(_config))
        {
            Session.Output.Write(run.Reading.Text);
            return ExitCode.Success;
        }

        Terminal.Print(Session, console => RunListTable.Print(console, run));
        foreach (var file in RunCheck.Of(run.FolderPath).Where(file => !file.IsWhole))
        {
            Session.Note($"occam: {file.File}: {file.What}");
        }

        return ExitCode.Success;
    }
}
