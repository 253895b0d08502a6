using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// The papers' claims about the ten points, each with its judge.
/// <para>
/// That the learned function is short is read in three ways. At the end: against the shortest curve through the points. On the way, as the
/// papers put it: against the shortest of all curves of the same training error, <see cref="Measures.Graphs.ShortestCurve"/>. On the way,
/// as little as it takes for that: against the polyline through the function's own values at the ten points, which is never shorter.
/// </para>
/// </summary>
internal static class ParabolaClaims
{
    private const double CloseToShortest = 0.01;
    private const double NearMinimal = 0.05;
    private const double NearZero = 0.1;
    private const double Gradual = 0.5;
    private const double Fitted = 1e-4;

    private const string First = "Dherin et al. 2021, §2, Figure 1";
    private const string Second = "Dherin et al. 2022, §2, Figure 1";

    // Of x² on [−1, 1].
    private static readonly double s_rootMeanSquare = Math.Sqrt(1 / 5.0);

    /// <summary>That the end is the shortest curve through the points.</summary>
    public static Claim<ParabolaRuns> EndsShortest { get; } = new(
        "ends-shortest",
        "At the end the arc length is close to that of the shortest curve through the points.",
        First,
        runs =>
        {
            var excess = runs.Runs.Select(run => Math.Abs((run.Track[^1].ArcLength / Parabola.ShortestLength) - 1)).ToArray();
            var loss = runs.Runs.Max(run => run.Track[^1].Loss);
            return Complete(
                runs,
                new Finding(
                    Evidence.InEvery(excess, CloseToShortest, oneRefutes: false),
                    $"The arc length ends {Range(excess)} away from that of the straight lines through the ten points",
                    runs.Runs.Length,
                    [
                        new Fact("judged against (chosen)", Percent(CloseToShortest)),
                        .. Limit(excess),
                        new Fact("arc length", Mean(runs, run => run.Track[^1].ArcLength)),
                        new Fact("shortest", RichText.Rounded(Parabola.ShortestLength, 5)),
                    ])
                .If(
                    !(loss > Fitted),
                    $"a training ends at a mean squared error of {Numbers.Format(loss, 2)}, above {Numbers.Format(Fitted)}"));
        });

    /// <summary>That every function on the way is the shortest of its training error.</summary>
    public static Claim<ParabolaRuns> IsShortestForItsError { get; } = new(
        "shortest-for-its-error",
        "Throughout training the arc length is minimal among all functions with the same training error.",
        $"{First}; {Second}",
        runs => Near(runs, point => point.ExcessOverItsError, "the shortest curve of the same training error"));

    /// <summary>That every function on the way is the shortest through its values, which the claim on its training error implies.</summary>
    public static Claim<ParabolaRuns> IsShortestForItsValues { get; } = new(
        "shortest-for-its-values",
        "Throughout training the function is nearly straight between the ten points.",
        $"{First}, which it is necessary for and less than",
        runs => Near(runs, point => point.ExcessOverItsValues, "the straight lines through the network’s own values at the ten points"));

    /// <summary>That complexity grows gradually.</summary>
    public static Claim<ParabolaRuns> Grows { get; } = new(
        "grows",
        "The complexity of the function gradually grows in training.",
        Second,
        runs => Complete(
            runs,
            Judge.All(
                ("arc length, from start to end", Growth(runs, "arc length", point => point.ArcLength)),
                ("geometric complexity, from start to end", Growth(runs, "geometric complexity", point => 2 * point.DirichletEnergy)),
                ("arc length, step by step", Gradually(runs, "arc length", point => point.ArcLength)),
                ("geometric complexity, step by step",
                    Gradually(runs, "geometric complexity", point => 2 * point.DirichletEnergy)))));

    /// <summary>That initialization is near the zero function.</summary>
    public static Claim<ParabolaRuns> StartsNearZero { get; } = new(
        "starts-near-zero",
        "The initialized function is very close to the zero function.",
        "Dherin et al. 2022, §3, Figure 1",
        runs => Judge.IsBelow(
            "height of the function before training, as a share of the parabola’s (root mean squares over [−1, 1]),",
            [.. runs.Starts.Select(start => start.RootMeanSquare / s_rootMeanSquare)],
            NearZero,
            "a tenth: drawn beside the parabola it would lie on the axis"));

    /// <summary>What the claims on the way are judged against.</summary>
    public static ExperimentSetting StaysNear { get; } = new(
        "shortest on the way",
        "the shortest curve of the same mean squared error on the ten points, a convex program; beside it the straight lines through the "
            + $"network’s own values there. At every recorded step, in every training: minimal is at most {Percent(NearMinimal)} above",
        Origin.Chosen);

    /// <summary>What the end is judged against.</summary>
    public static ExperimentSetting AtTheEnd { get; } = new(
        "shortest at the end",
        $"within {Percent(CloseToShortest)} of the straight lines through the ten points, at a mean squared error of at most "
            + Numbers.Format(Fitted),
        Origin.Chosen);

    /// <summary>What growth and the start are judged against.</summary>
    public static ExperimentSetting[] GrowthAndStart { get; } =
    [
        new("gradual", $"a rank correlation with the step above {Gradual}, on average over the seeds", Origin.Chosen),
        new(
            "very close to zero",
            $"a root mean square over [−1, 1] of at most {NearZero} of the parabola’s. With this initialization f(1) and f(−1) have the "
                + $"variance 1/8: each ReLU layer halves the mean square. On average over {Parabola.Starts} seeds, or all if they are more",
            Origin.Chosen),
    ];

    private static Finding Near(ParabolaRuns runs, Func<ParabolaPoint, double> excess, string reference)
    {
        var steps = runs.Runs.Select(run => run.Track.Where(point => point.Step > 0).Select(excess).ToArray()).ToArray();
        double[] worst = [.. steps.Select(Worst)];
        double[] share = [.. steps.Select(all => all.Average(one => one <= NearMinimal ? 1 : 0))];
        return Complete(runs, new Finding(
            Evidence.InEvery(worst, NearMinimal, oneRefutes: false),
            $"At its worst step a training is {Range(worst)} longer than {reference}",
            runs.Runs.Length,
            [
                new Fact("judged against (chosen)", Percent(NearMinimal)),
                .. Limit(worst),
                new Fact($"recorded steps within {Percent(NearMinimal)}", Range(share)),
                new Fact("excess at a recorded step, median", Percent(steps.SelectMany(all => all).Median())),
            ]));
    }

    private static Finding Growth(ParabolaRuns runs, string quantity, Func<ParabolaPoint, double> of) => Judge.IsAbove(
        $"growth of the {quantity}", [.. runs.Runs.Select(run => of(run.Track[^1]) - of(run.Track[0]))], 0, "none");

    private static Finding Gradually(ParabolaRuns runs, string quantity, Func<ParabolaPoint, double> of) => Judge.IsAbove(
        $"rank correlation of step and {quantity} within a training",
        [.. runs.Runs.Select(run => Correlation.Spearman(run.Track.Select(point => (double)point.Step), run.Track.Select(of)))],
        Gradual,
        "half of what a steady growth has");

    private static Finding Complete(ParabolaRuns runs, Finding finding) => finding
        .If(
            runs.Steps >= ParabolaOptions.PaperSteps,
            $"{Numbers.Format(runs.Steps)} of the paper’s {Numbers.Format((long)ParabolaOptions.PaperSteps)} steps were taken")
        .If(runs.Runs.All(run => run.Track.All(point => double.IsFinite(point.Loss))), "a training diverged");

    private static IEnumerable<Fact> Limit(double[] excess) => Evidence.LimitOfMost(excess) is var limit && double.IsFinite(limit)
        ? [new Fact("nine of ten trainings stay below, with 95 % confidence", Percent(limit))]
        : [];

    // NaN, of a training that diverged, is the worst.
    private static double Worst(IEnumerable<double> values) => values.Aggregate(Math.Max);

    private static RichText Mean(ParabolaRuns runs, Func<ParabolaRun, double> of) =>
        RichText.WithError(Uncertain.RunningMean([.. runs.Runs.Select(of)]).ZeroErrorOfOne());

    private static string Range(double[] shares)
    {
        double[] known = [.. shares.Where(double.IsFinite)];
        if (known.Length == 0)
        {
            return "by no finite share";
        }

        var (least, largest) = (Percent(known.Min()), Percent(known.Max()));
        return least == largest ? least : $"{Numbers.Format(100 * known.Min(), 3)} to {largest}";
    }

    private static string Percent(double share) => $"{Numbers.Format(100 * share, 3)} %";
}
