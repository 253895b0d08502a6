using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// What Loukas et al. 2021 claim of the trajectory's length in both tasks, judged in one way: at the end is over the last tenth of the
/// training, and of networks that have fitted their data.
/// </summary>
internal static class TrajectoryJudges
{
    /// <summary>That the trajectory in a window at the end is longer at higher levels.</summary>
    public static Finding LongerAtEnd(IReadOnlyList<TrajectoryRun> runs, string window = "an epoch") =>
        Judge.Rises($"trajectory length in {window} at the end", runs.Values(run => run.EndLength)).IfFitted(runs);

    /// <summary>
    /// That the whole trajectory is longer at higher levels, between any two: from each level to the next, which all others follow from.
    /// </summary>
    public static Finding LongerInAll(IReadOnlyList<TrajectoryRun> runs)
    {
        var levels = runs.Values(run => run.TotalLength);
        return Judge
            .All([.. levels.Zip(levels.Skip(1)).Select(pair => (
                $"{pair.First.Name} to {pair.Second.Name}", Judge.Rises("length of the whole trajectory", [pair.First, pair.Second])))])
            .IfFitted(runs);
    }

    /// <summary>That, training by training, a longer trajectory at the end comes with a larger test loss.</summary>
    public static Finding WithTestLoss(IReadOnlyList<TrajectoryRun> runs) =>
        Together("trajectory length in an epoch at the end", runs, run => run.EndLength);

    /// <summary>
    /// That at two levels the longer trajectories come with the larger test loss: both are larger at the higher one. Of two levels a rank
    /// correlation would tell no more than a coin.
    /// </summary>
    public static Finding BothLarger(IReadOnlyList<TrajectoryRun> runs, string window) => Judge
        .All(
            ("trajectory", LongerAtEnd(runs, window)),
            ("test loss", Judge.RisesByFactor("test loss at the end", runs.Values(run => run.EndTestLoss))))
        .IfFitted(runs);

    /// <summary>That, training by training, a longer trajectory comes with a larger test loss.</summary>
    public static Finding AllWithTestLoss(IReadOnlyList<TrajectoryRun> runs) =>
        Together("length of the whole trajectory", runs, run => run.TotalLength);

    private static Finding Together(string length, IReadOnlyList<TrajectoryRun> runs, Func<TrajectoryRun, double> quantity) =>
        Judge
            .GoTogether(length, "test loss at the end", [.. runs.Select(run => (run.Seed, quantity(run), run.EndTestLoss))])
            .IfFitted(runs);
}
