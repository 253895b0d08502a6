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
    ];

    private static (string Claim, Verdict Verdict)[] Expected(Verdict perceptrons, Verdict resNets) =>
    [
        ("perceptron-complexity-falls", perceptrons), ("perceptron-accuracy-rises", perceptrons), ("resnet-complexity-falls", resNets),
        ("resnet-accuracy-rises", resNets),
    ];
}
