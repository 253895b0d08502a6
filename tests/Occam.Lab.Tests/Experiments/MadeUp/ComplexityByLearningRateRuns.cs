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
        ("as claimed of the networks that fit, after which the loss jumps and the complexity with it",
            new([.. Of(end: Down, accuracy: Up).Select(run => Jumped(run, 50 + (10 * run.Level)))]),
            [(Complexity, Verdict.Reproduced), (Accuracy, Verdict.Reproduced), (Zero, Verdict.Reproduced)]),
        ("as claimed at the end, where the loss has jumped, and the opposite of those that fit",
            new([.. Of(end: Up, accuracy: Up).Select(run => Jumped(run, 50 - (10 * run.Level)))]),
            [(Complexity, Verdict.NotReproduced), (Zero, Verdict.Reproduced)]),
        ("as claimed, of two seeds", new([.. Of(end: Down, accuracy: Up).Where(run => run.Seed < 2)]),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.Undecided)]),
        ("a training diverged", new(Of(end: [20, 14, double.NaN], accuracy: Up)),
            [(Complexity, Verdict.Undecided), (Accuracy, Verdict.Undecided), (Zero, Verdict.NotReproduced)]),
    ];

    // What was the end is observed, and one more network, which doesn't fit, comes after it.
    private static ComplexityRun Jumped(ComplexityRun run, double complexity) => run with
    {
        Observations =
        [
            .. run.Observations[..^1], run.Observations[^1] with { Complexity = run.End.Complexity },
            run.Observations[^1] with { Step = 300, TrainingLoss = 0.3, Complexity = complexity },
        ],
        End = run.End with { Step = 300, Complexity = complexity },
    };
}
