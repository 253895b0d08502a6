using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// Whether trainings have fitted their data, which Loukas et al. 2021 say of all of theirs (§6, App. A.4), and when. The loss
/// is compared with the least that a constant output has, so that a target that varies more isn't fitted worse for that.
/// </summary>
internal static class TrainingFit
{
    /// <summary>A loss of at most this part of the best constant's counts as a fit.</summary>
    public const double Fitted = 0.05;

    /// <summary>What counts as a fit, as a setting of the page.</summary>
    public static ExperimentSetting Setting { get; } = new(
        "fitted",
        $"a training loss of at most {Percent(Fitted)} of the best constant’s, which is half the target’s variance for a squared error "
            + "and log 2 for a cross-entropy, in the mean over the last tenth of the training; a claim on networks that fit is judged "
            + "when all of them do",
        Origin.Chosen);

    /// <summary>The least loss of a constant output: ½ the variance of the targets, or the entropy of two classes.</summary>
    public static double ConstantLoss(DataSet data)
    {
        if (data.Targets is { } targets)
        {
            var mean = targets.Average();
            return targets.Average(target => (target - mean) * (target - mean)) / 2;
        }

        var share = data.RequireLabels().Average();
        return share is 0 or 1 ? 0 : -(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share));
    }

    /// <summary>The part of the best constant's loss that is left at the end.</summary>
    public static double Left(TrajectoryRun run) => run.EndTrainingLoss / run.ConstantLoss;

    /// <summary>How many windows it took until the loss of one was a fit; null where none was.</summary>
    public static int? Windows(TrajectoryRun run)
    {
        var first = Enumerable.Range(0, run.Steps.Length).FirstOrDefault(i => run.TrainingLoss[i] <= Fitted * run.ConstantLoss, -1);
        return first < 0 ? null : first + 1;
    }

    /// <summary>The finding, if all trainings that it is about have fitted their data.</summary>
    public static Finding IfFitted(this Finding finding, IReadOnlyCollection<TrajectoryRun> runs) =>
        finding.IfFitted([.. runs.OrderBy(run => run.Level).Select(run => (run.Group, Left(run)))]);

    /// <summary>The finding, if all trainings that it is about have fitted their data.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="runs">Of each training its group, and the part of the best constant's loss that is left at the end.</param>
    public static Finding IfFitted(this Finding finding, IReadOnlyCollection<(string Group, double Left)> runs)
    {
        (string Group, double Left)[] unfitted = [.. runs.Where(run => !(run.Left <= Fitted))];
        return finding.If(
            unfitted.Length == 0,
            $"{unfitted.Length} of {runs.Count} networks ({string.Join(", ", unfitted.Select(run => run.Group).Distinct())}) didn’t fit "
                + $"their training data, and end with up to {Percent(unfitted.Select(run => run.Left).DefaultIfEmpty(0).Max())} of the "
                    + "best constant’s loss");
    }

    /// <summary>
    /// That it takes longer to fit the data as the level grows. A training that never comes there counts with its whole length: what is
    /// compared are means up to a common length, which are known of all; one that diverged is left out. Where most never come there,
    /// nothing is known.
    /// </summary>
    public static Finding Slower(IReadOnlyList<TrajectoryRun> runs)
    {
        var never = runs.Count(run => Windows(run) is null);
        var finding = Judge.Rises(
            "number of epochs until the data are fitted",
            runs.Values(run => Windows(run) ?? (double.IsFinite(run.EndTrainingLoss) ? run.Steps.Length : double.NaN)));
        return (never == 0
            ? finding
            : finding with
            {
                Reason = $"{finding.Reason}; {never} of {runs.Count} trainings never fit their data and count with all of their epochs",
                Statistics = [.. finding.Statistics, new Fact("trainings that never fit", never)],
            }).If(2 * never <= runs.Count, "most trainings never fit their data");
    }

    private static string Percent(double part) => double.IsFinite(part) ? $"{Numbers.Format(100 * part, 2)} %" : "no finite part";
}
