using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// The papers' claims about gor-1 as computations, each with its verdict.
/// <para>
/// The papers say that the arc length is minimal for its training error throughout. Computed here is the arc length over
/// that of the polyline through the function's own values at the ten points. No curve through those values is shorter, but
/// one through other values of the same mean squared error may be: the polyline is at least as long as the shortest curve of
/// that error. To be near it is therefore necessary for what the papers say, and not sufficient.
/// </para>
/// </summary>
public static class ParabolaClaims
{
    private const double CloseToShortest = 0.01;
    private const double NearMinimal = 0.05;
    private const double NearZero = 0.5;

    private const string Geometric2021 = "Dherin et al. 2021, §2, Figure 1";
    private const string Geometric2022 = "Dherin et al. 2022, §2 and §3, Figure 1";

    private static readonly Claim s_endsShortest =
        new("The arc length ends within 1 % of the shortest curve through the points.", Geometric2021);
    private static readonly Claim s_grows = new("Complexity grows through training.", Geometric2022);
    private static readonly Claim s_staysNearMinimal = new(
        "While the training error falls, the arc length stays near that of the shortest curve through the values reached.", Geometric2022);
    private static readonly Claim s_startsNearZero = new("At the start the function is near zero.", Geometric2022);

    /// <summary>What the training error's shortest curve is read as, and how near counts as near.</summary>
    public static ExperimentSetting StaysNear { get; } = new(
        "shortest on the way",
        "the straight lines through the network’s own values at the ten points, for the shortest curve of the same training error, "
            + $"which may be shorter; near: at most {Percent(NearMinimal)} above",
        Origin.Chosen);

    /// <summary>What the other claims are judged against.</summary>
    public static ImmutableArray<ExperimentSetting> Thresholds { get; } =
    [
        new("shortest at the end", $"within {Percent(CloseToShortest)} of the straight lines through the ten points", Origin.Chosen),
        new("near zero at the start", RichText.Html($"mean over the seeds of the largest |<var>f</var>| on [−1, 1] below {NearZero}"),
            Origin.Chosen),
    ];

    /// <summary>The claims.</summary>
    public static ImmutableArray<Claim> All { get; } = [s_endsShortest, s_grows, s_staysNearMinimal, s_startsNearZero];

    /// <summary>Judges all claims.</summary>
    public static IReadOnlyList<VerdictBlock> Judge(Parabola experiment, IReadOnlyList<ParabolaRun> runs) =>
        [EndsShortest(experiment, runs), Grows(experiment, runs), StaysNearMinimal(experiment, runs), StartsNearZero(experiment, runs)];

    private static VerdictBlock EndsShortest(Parabola experiment, IReadOnlyList<ParabolaRun> runs)
    {
        var excess = runs.Select(run => Math.Abs((run.Track[^1].ArcLength / experiment.ShortestLength) - 1)).ToArray();
        return Verdict(
            experiment,
            runs,
            s_endsShortest,
            excess.All(value => value <= CloseToShortest),
            $"It ends {Percent(excess.Max())} away at most.",
            new Fact("judged against (chosen)", Percent(CloseToShortest)),
            new Fact("arc length", WithSpread(runs.Select(run => run.Track[^1].ArcLength))),
            new Fact("shortest", RichText.Rounded(experiment.ShortestLength, 5)));
    }

    private static VerdictBlock Grows(Parabola experiment, IReadOnlyList<ParabolaRun> runs)
    {
        var mean = runs[0].Track.Select((_, i) => runs.Select(run => run.Track[i].ArcLength).Mean()).ToArray();
        var rank = Correlation.Spearman(runs[0].Track.Select(point => (double)point.Step), mean);
        var growth = Uncertain.RunningMean(runs.Select(run => run.Track[^1].ArcLength - run.Track[0].ArcLength).ToArray()).ZeroErrorOfOne();
        return Verdict(
            experiment,
            runs,
            s_grows,
            rank > 0 && growth.Value > 0 && growth.DiffersFromZero(),
            $"From initialization to the last step the arc length grows by {Numbers.WithError(growth)}.",
            new Fact("Spearman’s ρ of step and arc length", rank),
            new Fact("before training", WithSpread(runs.Select(run => run.Track[0].ArcLength))));
    }

    private static VerdictBlock StaysNearMinimal(Parabola experiment, IReadOnlyList<ParabolaRun> runs)
    {
        var worst = runs.Max(run => run.Track.Max(point => (point.ArcLength / point.ShortestForItsValues) - 1));
        return Verdict(
            experiment,
            runs,
            s_staysNearMinimal,
            worst <= NearMinimal,
            $"At the worst of all recorded steps it is {Percent(worst)} above the straight lines through the network’s own values at the "
                + "ten points. A curve through other values of the same training error may be shorter still.",
            new Fact("judged against (chosen)", Percent(NearMinimal)));
    }

    private static VerdictBlock StartsNearZero(Parabola experiment, IReadOnlyList<ParabolaRun> runs)
    {
        var largest = runs.Select(run => run.Start.Y.Max(Math.Abs)).ToArray();
        return Verdict(
            experiment,
            runs,
            s_startsNearZero,
            largest.Mean() < NearZero,
            $"Before the first step the largest |f| is {Numbers.Format(largest.Mean(), 2)} on average, where the data reach 1.",
            new Fact("judged against (chosen)", $"{NearZero}, half of the data’s range"),
            new Fact("largest |f|", WithSpread(largest)));
    }

    private static VerdictBlock Verdict(
        Parabola experiment, IReadOnlyList<ParabolaRun> runs, Claim claim, bool holds, string reason, params Fact[] facts)
    {
        var enough = runs.Count >= Judgement.EnoughSeeds && experiment.Options.Steps >= ParabolaOptions.PaperSteps;
        var verdict = !enough ? Lab.Reports.Verdict.Undecided : holds ? Lab.Reports.Verdict.Reproduced : Reports.Verdict.NotReproduced;
        var why = enough
            ? reason
            : $"{reason} A verdict takes {Judgement.EnoughSeeds} seeds and {Numbers.Format((long)ParabolaOptions.PaperSteps)} steps.";
        return new VerdictBlock(claim.Text, verdict, why, [.. facts, new Fact("seeds", runs.Count)]) { Source = claim.Source };
    }

    private static RichText WithSpread(IEnumerable<double> values)
    {
        var all = values.ToArray();
        return all.Length > 1 ? RichText.WithError(Uncertain.RunningMean(all)) : RichText.Rounded(all[0], 5);
    }

    private static string Percent(double share) => $"{Numbers.Format(100 * share, 2)} %";
}
