using System.CommandLine;
using System.CommandLine.Completions;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;

namespace Occam.Cli.Commands;

/// <summary><c>occam runs check</c>.</summary>
internal sealed class RunsCheckCommand : OccamCommand
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A run's name as 'occam runs' lists it, or the folder of a run or sweep; all below the root when left out",
    };

    private readonly Option<string> _root = RunsCommand.RootOption();
    private readonly TableOutput _output;

    public RunsCheckCommand(Session session) : base("check", "Read every file of runs, and say what is damaged", session)
    {
        _run.CompletionSources.Add(_ => new RunStore("runs").Runs().Select(pair => new CompletionItem(pair.Name)));
        Add(_run);
        Add(_root);
        _output = new TableOutput(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam runs check", "what is damaged below ./runs? Exit code 1 where anything is"),
        new("occam runs check mlp-glyphs", "every file of one run, and what was checked"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var (root, run) = (arguments.GetRequiredValue(_root), arguments.GetValue(_run));
        var folder = run is null ? root : new[] { run, Path.Combine(root, run) }.FirstOrDefault(Directory.Exists);
        if (folder is null || !Directory.Exists(folder))
        {
            throw new OccamException(run is null
                ? $"there is no folder '{root}': --root names the one below which the runs are"
                : $"there is no run '{run}': 'occam runs' lists those below '{root}'");
        }

        FileCheck[] found = LongWork.Run<FileCheck[]>(Session, progress =>
        [
            .. StoreCheck.Of(folder, inner =>
            {
                Session.Cancellation.ThrowIfCancellationRequested();
                progress.Begin(inner);
            }),
        ]);
        var damaged = found.Count(file => !file.IsWhole);
        _output.Write(arguments, Session, new QueryResult(
            ["run", "file", "state", "what"],
            [.. found.Where(file => run is not null || !file.IsWhole).Select(file => Row(root, file))]));
        var folders = found.Select(file => file.Folder).Distinct().Count();
        Session.Note($"checked {Counted.Of(found.Length, "file")} in {Counted.Of(folders, "folder")}: "
            + (damaged == 0 ? "nothing is damaged" : $"{damaged} {Counted.Noun(damaged, "is", "are")} damaged"));
        return damaged == 0 ? ExitCode.Success : ExitCode.DamageFound;
    }

    private static System.Collections.Immutable.ImmutableArray<object?> Row(string root, FileCheck file)
    {
        var name = Path.GetRelativePath(root, file.Folder);
        return
        [
            name == "." || name.StartsWith("..", StringComparison.Ordinal) ? file.Folder : name,
            file.File,
            file.IsWhole ? "whole" : "damaged",
            file.What,
        ];
    }
}
