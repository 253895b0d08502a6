using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-3: variances and distances by complexity.</summary>
internal sealed class BiasVarianceRuns() : MadeUpRuns<BothTasks>(new BiasVariance())
{
    private const string RegressionVariance = "regression-variance";
    private const string RegressionDistance = "regression-distance";
    private const string ClassificationVariance = "classification-variance";

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, BothTasks Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("all rise", Both(level => level + 1, level => level + 1, level => level + 1),
            [
                (RegressionVariance, Verdict.Reproduced), (RegressionDistance, Verdict.Reproduced),
                (ClassificationVariance, Verdict.Reproduced),
            ]),
        ("all fall", Both(level => 4 - level, level => 4 - level, level => 4 - level),
            [
                (RegressionVariance, Verdict.NotReproduced), (RegressionDistance, Verdict.NotReproduced),
                (ClassificationVariance, Verdict.NotReproduced),
            ]),
        ("the variances rise, the distance falls", Both(level => level + 1, level => 4 - level, level => level + 1),
            [
                (RegressionVariance, Verdict.Reproduced), (RegressionDistance, Verdict.NotReproduced),
                (ClassificationVariance, Verdict.Reproduced),
            ]),
        ("all rise in three seeds and fall in two",
            new(
                Levels((level, seed) => Trained(level, seed, [1], variance: Turning(level, seed), distance: Turning(level, seed))),
                ImageTrajectoriesRuns.Images(Levels((level, seed) => Trained(level, seed, [1], variance: Turning(level, seed))))),
            [
                (RegressionVariance, Verdict.Undecided), (RegressionDistance, Verdict.Undecided),
                (ClassificationVariance, Verdict.Undecided),
            ]),
        ("all rise, but the regression isn't fitted", Both(level => level + 1, level => level + 1, level => level + 1, left: 0.9),
            [
                (RegressionVariance, Verdict.Undecided), (RegressionDistance, Verdict.Undecided),
                (ClassificationVariance, Verdict.Reproduced),
            ]),
        ("all rise, but redrawn labels aren't fitted", Both(level => level + 1, level => level + 1, level => level + 1, leftOfImages: 0.9),
            [
                (RegressionVariance, Verdict.Reproduced), (RegressionDistance, Verdict.Reproduced),
                (ClassificationVariance, Verdict.Undecided),
            ]),
    ];

    private static double Turning(int level, int seed) => seed % 2 == 0 ? level + 1 : 4 - level;

    private static BothTasks Both(
        Func<int, double> variance, Func<int, double> distance, Func<int, double> ofImages, double left = 0.01,
        double leftOfImages = 0.01) => new(
            Levels((level, seed) => Trained(
                level, seed, [1], variance: variance(level), distance: distance(level), left: level == 3 ? left : 0.01)),
            ImageTrajectoriesRuns.Images(Levels((level, seed) => Trained(
                level, seed, [1], variance: ofImages(level), left: level == 3 ? leftOfImages : 0.01))));
}
