using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-explicit: complexities and accuracies by the strength of the penalty, of two networks.</summary>
internal sealed class ExplicitComplexityRuns() : MadeUpRuns<ExplicitRuns>(new ExplicitComplexity())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ExplicitRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as claimed of perceptrons, the opposite of ResNets", new(Of(best: Down, accuracy: Up), Of(best: Up, accuracy: Down)),
            Expected(Verdict.Reproduced, Verdict.NotReproduced)),
        ("as claimed of ResNets, the opposite of perceptrons", new(Of(best: Up, accuracy: Down), Of(best: Down, accuracy: Up)),
            Expected(Verdict.NotReproduced, Verdict.Reproduced)),
        ("between falling and staying, for the spread of the seeds", new(Open(), Open()), Expected(Verdict.Undecided, Verdict.Undecided)),
    ];

    private static ImmutableArray<ComplexityRun> Open() => Of(best: [10.5, 10.2, 10], accuracy: [50, 50.2, 50.5], spread: 0.7);

    private static (string Claim, Verdict Verdict)[] Expected(Verdict perceptrons, Verdict resNets) =>
    [
        ("perceptron-complexity-falls", perceptrons), ("perceptron-accuracy-rises", perceptrons), ("resnet-complexity-falls", resNets),
        ("resnet-accuracy-rises", resNets),
    ];
}
