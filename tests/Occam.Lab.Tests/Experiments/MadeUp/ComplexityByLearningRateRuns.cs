using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-4-lr: trainings that fit their data, and some that don't.</summary>
internal sealed class ComplexityByLearningRateRuns() : MadeUpRuns<ComplexityRuns>(new ComplexityByLearningRate())
{
    private const string Complexity = "complexity-falls";
    private const string Accuracy = "accuracy-rises";
    private const string Zero = "loss-reaches-zero";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as claimed", new(Of(end: Down, accuracy: Up)),
            [(Complexity, Verdict.Reproduced), (Accuracy, Verdict.Reproduced), (Zero, Verdict.Reproduced)]),
        ("the opposite", new(Of(end: Up, accuracy: Down)), [(Complexity, Verdict.NotReproduced), (Accuracy, Verdict.NotReproduced)]),
        ("only at the best test accuracy", new(Of(best: Down, end: Up)), [(Complexity, Verdict.NotReproduced)]),
        ("the smallest rate does not fit", new(Of(end: Down, accuracy: Up, loss: [0.06, 0.001, 0.001])),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.NotReproduced)]),
        ("as claimed, of two seeds", new([.. Of(end: Down, accuracy: Up).Where(run => run.Seed < 2)]),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.Undecided)]),
        ("a training diverged", new(Of(end: [20, 14, double.NaN], accuracy: Up)),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.NotReproduced)]),
    ];
}
