using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gc-5: courses of test loss and complexity over eight widths, the fifth of which is the first to learn all labels.</summary>
internal sealed class DoubleDescentRuns() : MadeUpRuns<ComplexityRuns>(new DoubleDescent())
{
    private const string Loss = "loss-descends-twice";
    private const string Complexity = "complexity-descends-twice";
    private const string Beyond = "complexity-falls-beyond";
    private const string Shape = "loss-is-u-shaped";

    private static readonly double[] s_twice = [20, 8, 5, 9, 12, 7, 4, 2];
    private static readonly double[] s_invertedU = [2, 4, 6, 9, 12, 9, 5, 2];
    private static readonly double[] s_falling = [20, 17, 14, 11, 9, 6, 4, 2];
    private static readonly double[] s_fitting = [2, 1.5, 0.9, 0.3, 0.03, 0.01, 0.005, 0.001];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both descend twice, the narrowest network is worst", Of(s_twice, s_twice),
            [(Loss, Verdict.Reproduced), (Complexity, Verdict.Reproduced), (Beyond, Verdict.Reproduced)]),
        ("an inverted U", Of(s_invertedU, s_invertedU), [(Loss, Verdict.NotReproduced), (Complexity, Verdict.NotReproduced)]),
        ("both fall throughout", Of(s_falling, s_falling), [(Loss, Verdict.NotReproduced), (Complexity, Verdict.NotReproduced)]),
        ("the complexity rises throughout", Of(s_twice, [.. s_falling.Reverse()]),
            [(Loss, Verdict.Reproduced), (Complexity, Verdict.NotReproduced), (Beyond, Verdict.NotReproduced)]),
        ("the complexity falls beyond the threshold in three seeds, and rises in two",
            new(Mixed(Of(s_twice, s_twice).Runs, Of(s_twice, [.. s_falling.Reverse()]).Runs, run => run.Seed)),
            [(Beyond, Verdict.Undecided)]),
        ("the complexity rises to the threshold, and falls beyond it to more than it was",
            Of(s_twice, [2, 4, 6, 8, 20, 16, 14, 12]), [(Beyond, Verdict.Reproduced)]),
        ("the complexity's peak is a neighbour", Of(s_twice, [20, 8, 5, 7, 9, 12, 4, 2]), [(Complexity, Verdict.Reproduced)]),
        ("it peaks far from the threshold", Of(s_twice, [20, 8, 12, 11, 8, 6, 4, 2]), [(Complexity, Verdict.NotReproduced)]),
        ("the dip is lost among the seeds", Of(s_twice, [20, 8, 7.5, 7.6, 7.7, 7.2, 4, 2], spread: 3), [(Complexity, Verdict.Undecided)]),
        ("no width fits", Of(s_twice, s_twice, [2, 2, 2, 2, 2, 2, 2, 2]),
            [(Loss, Verdict.Undecided), (Complexity, Verdict.Undecided), (Beyond, Verdict.Undecided)]),
        ("all widths fit", Of(s_twice, s_twice, [0, 0, 0, 0, 0, 0, 0, 0]), [(Loss, Verdict.Undecided), (Complexity, Verdict.Undecided)]),
        ("a width diverged", Of([20, 8, 5, double.NaN, 12, 7, 4, 2], s_twice), [(Loss, Verdict.Undecided), (Shape, Verdict.Undecided)]),
        ("the loss is least at a medium complexity", Of([9, 6, 3, 1, 2, 4, 6, 9], [1, 2, 3, 4, 5, 6, 7, 8]), [(Shape, Verdict.Reproduced)]),
        ("in any order of the widths", Of([9, 1, 6, 9, 3, 2, 6, 4], [1, 4, 2, 8, 3, 5, 7, 6]), [(Shape, Verdict.Reproduced)]),
        ("the loss has two bottoms", Of([9, 3, 1, 6, 9, 2, 5, 10], [1, 2, 3, 4, 5, 6, 7, 8]), [(Shape, Verdict.NotReproduced)]),
        ("the loss may have a second bottom, or the seeds make it", Of([9, 6, 3, 3.1, 2, 4, 6, 9], [1, 2, 3, 4, 5, 6, 7, 8]),
            [(Shape, Verdict.Undecided)]),
        ("the loss falls with complexity", Of([20, 17, 14, 11, 9, 6, 4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), [(Shape, Verdict.NotReproduced)]),
        ("the loss is largest at a medium complexity", Of([1, 3, 6, 9, 8, 6, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8]),
            [(Shape, Verdict.NotReproduced)]),
    ];

    private static ComplexityRuns Of(double[] losses, double[] complexities, double[]? training = null, double spread = 0.5) => new(
    [
        .. MadeUpTrainings.Of(end: complexities, spread: spread).Zip(
            MadeUpTrainings.Of(end: losses, loss: training ?? s_fitting, spread: 0.3), (run, other) => run with
            {
                Observations = other.Observations,
                End = run.End with { TestLoss = other.End.Complexity, Complexity = run.End.Complexity },
            }),
    ]);
}
