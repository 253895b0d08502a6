using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>What Loukas et al. 2021 (App. A.5) say of a perceptron and a convolutional network on few images.</summary>
internal static class ArchitectureJudges
{
    /// <summary>The step by which both are said to fit.</summary>
    public const int FittedBy = 20_000;

    /// <summary>
    /// The largest difference of what is left of the loss at which both fit equally well. Less than what counts as a fit: else both would
    /// fit equally well whenever both fit.
    /// </summary>
    public const double Equally = TrainingFit.Fitted / 5;

    private const int Tenth = 10;

    /// <summary>That both architectures have fitted the data by then.</summary>
    public static Finding BothFit(IReadOnlyList<TrajectoryRun> runs) => Judge.All([.. runs.ByLevel().Select(network => (
        network.First().Group,
        Judge.IsBelow(
            $"training loss by step {Numbers.Format((long)FittedBy)}, as a part of the best constant’s,",
            [.. network.Select(LeftByThen)], TrainingFit.Fitted, "what counts as a fit")))]);

    /// <summary>That they fit the data equally well.</summary>
    public static Finding EquallyWell(IReadOnlyList<TrajectoryRun> runs) => Judge.DoesNotChange(
        "training loss at the end, as a part of the best constant’s,", runs.Values(TrainingFit.Left), Equally,
        "a fifth of what counts as a fit");

    /// <summary>That the perceptron's trajectory is longer.</summary>
    public static Finding Longer(IReadOnlyList<TrajectoryRun> runs) =>
        Judge.Rises("length of the whole trajectory", runs.Values(run => run.TotalLength)).IfFitted(runs);

    /// <summary>That the perceptron overfits more: its test loss is further above its training loss.</summary>
    public static Finding OverfitsMore(IReadOnlyList<TrajectoryRun> runs) => Judge
        .Rises("test loss minus training loss at the end", runs.Values(run => run.EndTestLoss - run.EndTrainingLoss))
        .IfFitted(runs);

    private static double LeftByThen(TrajectoryRun run)
    {
        var windows = Math.Max(1, run.Steps.Count(step => step <= FittedBy));
        return run.TrainingLoss.Take(windows).TakeLast(Math.Max(1, windows / Tenth)).Average() / run.ConstantLoss;
    }
}
