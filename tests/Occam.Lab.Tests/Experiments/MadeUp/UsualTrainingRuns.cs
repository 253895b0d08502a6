using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-c6: complexities and accuracies by learning rate.</summary>
internal sealed class UsualTrainingRuns() : MadeUpRuns<ComplexityRuns>(new UsualTraining())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as claimed", new(Of(end: Down, accuracy: Up)),
            [("complexity-falls", Verdict.Reproduced), ("accuracy-rises", Verdict.Reproduced)]),
        ("the opposite", new(Of(end: Up, accuracy: Down)),
            [("complexity-falls", Verdict.NotReproduced), ("accuracy-rises", Verdict.NotReproduced)]),
        ("the smallest rate does not fit", new(Of(end: Down, accuracy: Up, loss: [0.06, 0.001, 0.001])),
            [("complexity-falls", Verdict.Undecided), ("accuracy-rises", Verdict.Undecided)]),
        ("lost among the seeds", new(Of(end: [10, 10.1, 9.9], accuracy: [50, 50.1, 50], spread: 1)),
            [("complexity-falls", Verdict.Undecided), ("accuracy-rises", Verdict.Undecided)]),
    ];
}
