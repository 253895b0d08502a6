using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrainings;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-4-batch: trainings that fit their data, and some that don't.</summary>
internal sealed class ComplexityByBatchSizeRuns() : MadeUpRuns<ComplexityRuns>(new ComplexityByBatchSize())
{
    private const string Complexity = "complexity-rises";
    private const string Accuracy = "accuracy-falls";
    private const string Zero = "loss-reaches-zero";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as claimed", new(Of(end: Up, accuracy: Down)),
            [(Complexity, Verdict.Reproduced), (Accuracy, Verdict.Reproduced), (Zero, Verdict.Reproduced)]),
        ("the opposite", new(Of(end: Down, accuracy: Up)), [(Complexity, Verdict.NotReproduced), (Accuracy, Verdict.NotReproduced)]),
        ("as claimed in three seeds, the opposite in two",
            new(Mixed(Of(end: Up, accuracy: Down), Of(end: Down, accuracy: Up), run => run.Seed)),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided)]),
        ("as claimed, of two seeds", new([.. Of(end: Up, accuracy: Down).Where(run => run.Seed < 2)]), [(Zero, Verdict.Undecided)]),
        ("only at the best test accuracy", new(Of(best: Up, end: Down)), [(Complexity, Verdict.NotReproduced)]),
        ("the largest batch does not fit", new(Of(end: Up, accuracy: Down, loss: [0.001, 0.001, 0.1])),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.NotReproduced)]),
    ];
}
