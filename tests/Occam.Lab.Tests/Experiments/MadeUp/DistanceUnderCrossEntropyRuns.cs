using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-4: distances by the fraction of redrawn labels.</summary>
internal sealed class DistanceUnderCrossEntropyRuns() : MadeUpRuns<ImageTrainingSet>(new DistanceUnderCrossEntropy())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImageTrainingSet Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("it falls", Distances(level => 4 - level), [("does-not-rise", Verdict.Reproduced)]),
        ("it rises", Distances(level => level + 1), [("does-not-rise", Verdict.NotReproduced)]),
        ("it rises by a little less than the seeds' spread tells", Distances(level => 1 + (0.004 * level)),
            [("does-not-rise", Verdict.Undecided)]),
        ("it falls where labels aren't fitted", Distances(level => 4 - level, left: 0.5), [("does-not-rise", Verdict.Undecided)]),
    ];

    private static ImageTrainingSet Distances(Func<int, double> distance, double left = 0.01) => ImageTrajectoriesRuns.Images(
        Levels((level, seed) => Trained(level, seed, [1], distance: distance(level), left: level == 3 ? left : 0.01)));
}
