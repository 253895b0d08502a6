using System.Globalization;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>What several figures find of their trainings in the same way.</summary>
internal static class ComplexityFindings
{
    // A training loss (natural logarithm) below which the papers' curves can't be told from zero.
    private const double ZeroLoss = 0.05;
    private const string FittedComplexity = "geometric complexity when the training loss was last zero";

    /// <summary>How near to zero a training loss counts as zero.</summary>
    public static ExperimentSetting Zero { get; } = new(
        "training loss of zero", $"at most {ZeroLoss} at some time, a mean of the steps between two observations", Origin.Chosen);

    /// <summary>Of which network the complexity is judged that is to have a training loss of zero.</summary>
    public static ExperimentSetting Judged { get; } = new(
        "network whose complexity is judged",
        "the last one observed with a training loss of zero: that at the end where it has one, exactly; another by one random direction an "
            + "image",
        Origin.Chosen);

    /// <summary>That the complexity at the end falls with the level.</summary>
    public static Finding EndComplexityFalls(IReadOnlyList<ComplexityRun> runs) =>
        Judge.FallsByFactor("geometric complexity at the end", runs.Values(run => run.End.Complexity));

    /// <summary>
    /// That the complexity of the last network whose training loss counts as zero falls with the level, if every training had one. At large
    /// rates the loss may jump once more: what is found then is no network that fits.
    /// </summary>
    public static Finding FittedComplexityFalls(IReadOnlyList<ComplexityRun> runs) =>
        Judge.FallsByFactor(FittedComplexity, runs.Values(run => run.LastComplexity(ZeroLoss))).IfAllReachZero(runs);

    /// <summary>That it rises with the level, if every training had one.</summary>
    public static Finding FittedComplexityRises(IReadOnlyList<ComplexityRun> runs) =>
        Judge.RisesByFactor(FittedComplexity, runs.Values(run => run.LastComplexity(ZeroLoss))).IfAllReachZero(runs);

    /// <summary>That the complexity at the best test accuracy falls with the level.</summary>
    public static Finding BestComplexityFalls(IReadOnlyList<ComplexityRun> runs) =>
        Judge.FallsByFactor("geometric complexity at the best test accuracy", runs.Values(run => run.Best.Complexity));

    /// <summary>That the best test accuracy rises with the level.</summary>
    public static Finding AccuracyRises(IReadOnlyList<ComplexityRun> runs) =>
        Judge.Rises("best test accuracy", runs.Values(run => run.Best.TestAccuracy));

    /// <summary>That the best test accuracy falls with the level.</summary>
    public static Finding AccuracyFalls(IReadOnlyList<ComplexityRun> runs) =>
        Judge.Falls("best test accuracy", runs.Values(run => run.Best.TestAccuracy));

    /// <summary>
    /// That every training reaches a training loss of zero. Reached is reached: at large rates the loss may jump once more.
    /// </summary>
    public static Finding ReachesZero(IReadOnlyList<ComplexityRun> runs) => Judge.Holds(
        AllReachZero(runs),
        runs.Any(Diverged)
            ? "A training diverged"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The training loss falls to {runs.Max(run => run.LeastTrainingLoss):0.000} or less in each training, judged against "
                    + $"{ZeroLoss}, and is at most {runs.Max(run => run.TrainingLoss):0.000} at the end"),
        runs.Seeds());

    /// <summary>The finding, if every training reached a training loss of zero.</summary>
    public static Finding IfAllReachZero(this Finding finding, IReadOnlyList<ComplexityRun> runs) => finding.If(
        AllReachZero(runs),
        runs.Any(Diverged)
            ? "a training diverged"
            : $"a training loss comes down to {Numbers.Format(runs.Max(run => run.LeastTrainingLoss), 2)} only, not to {ZeroLoss}");

    private static bool AllReachZero(IReadOnlyList<ComplexityRun> runs) =>
        runs.All(run => !Diverged(run) && run.LeastTrainingLoss <= ZeroLoss);

    private static bool Diverged(ComplexityRun run) => !double.IsFinite(run.TrainingLoss);

    private static int Seeds(this IReadOnlyList<ComplexityRun> runs) => runs.Select(run => run.Seed).Distinct().Count();
}
