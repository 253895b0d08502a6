using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.PaperItems.Results;

namespace Occam.Cli.Commands;

/// <summary><c>occam judge</c>: verdicts again, from raw runs that were kept.</summary>
internal sealed class JudgeCommand : OccamCommand
{
    private readonly Argument<string[]> _folders = new("FOLDER…")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = $"Folders that occam reproduce wrote, with {Reproduction.RawRunsName} in them",
    };

    public JudgeCommand(Session session)
        : base("judge", "Have a figure's verdicts again from the raw runs that it left, without training", session) => Add(_folders);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam judge runs/reproduce/gor-1-laptop", "do its verdicts follow from its runs? Exit code 1 where they don't"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var code = ExitCode.Success;
        foreach (var folder in arguments.GetRequiredValue(_folders).Distinct())
        {
            var judged = Rejudgement.Of(folder);
            foreach (var verdict in judged.Verdicts)
            {
                Session.Tell(VerdictLine.Of(verdict));
            }

            var differences = judged.Differences;
            foreach (var difference in differences)
            {
                Session.Tell($"≠ {difference}");
                code = ExitCode.VerdictsDiffer;
            }

            Session.Note($"{judged.Experiment.Id}: {judged.Verdicts.Length} verdicts judged again from {folder}: "
                + (differences.IsEmpty ? "all are as they were written" : $"{differences.Length} differ from what was written"));
        }

        return code;
    }
}
