using Occam.Lab.Reports;
using Occam.Lab.Significance;
using static Occam.Lab.Experiments.Contract.FindingText;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// The ways in which a claim is judged, each once. A judge turns numbers of runs into a <see cref="Finding"/>: what they say for the claim
/// and against it; <see cref="ClaimVerdicts"/> then decides for all claims of a figure together.
/// </summary>
/// <remarks>
/// Values that are not finite, of runs that diverged, are left out, and the reason says how many they were. Groups are taken as
/// independent; seeds that are shared between levels make the tests stricter than stated, not laxer.
/// </remarks>
internal static class Judge
{
    /// <summary>
    /// A rise smaller than this many standard deviations of a run within its level is too small for a figure to show, and counts as none.
    /// </summary>
    public const double SmallRise = 0.5;

    /// <summary>A rank correlation weaker than this counts as none.</summary>
    public const double WeakCorrelation = 0.3;

    /// <summary>
    /// That a quantity rises with the level. For it speaks that both the fitted rise and the difference of the extreme levels are above 0
    /// (the larger of two one-sided p-values); against it, that the fitted rise is below <see cref="SmallRise"/>.
    /// </summary>
    /// <param name="quantity">What the values are, with a unit where they have one, as it stands in a sentence.</param>
    /// <param name="groups">The values by level: two levels or more.</param>
    public static Finding Rises(string quantity, IReadOnlyList<SeedGroup> groups) => Trend(quantity, groups, Rise);

    /// <summary>That a quantity falls with the level: <see cref="Rises"/> of its negative.</summary>
    /// <inheritdoc cref="Rises"/>
    public static Finding Falls(string quantity, IReadOnlyList<SeedGroup> groups) => Trend(quantity, groups, Fall);

    /// <summary>
    /// <see cref="Rises"/> of the logarithm of a quantity that is positive and may span orders of magnitude, whose spread grows with it:
    /// what is compared are geometric means, and what is told is a factor. What is not a positive number is left out, and told.
    /// </summary>
    /// <inheritdoc cref="Rises"/>
    public static Finding RisesByFactor(string quantity, IReadOnlyList<SeedGroup> groups) =>
        Trend(quantity, groups, Rise, areLogarithms: true);

    /// <summary><see cref="Falls"/> of the logarithm, as <see cref="RisesByFactor"/>.</summary>
    /// <inheritdoc cref="Rises"/>
    public static Finding FallsByFactor(string quantity, IReadOnlyList<SeedGroup> groups) =>
        Trend(quantity, groups, Fall, areLogarithms: true);

    /// <summary>
    /// That a quantity does not rise with the level: for it speaks that the fitted rise is below <see cref="SmallRise"/>, against it that
    /// it, and the difference of the extreme levels, are above 0.
    /// </summary>
    /// <inheritdoc cref="Rises"/>
    public static Finding DoesNotRise(string quantity, IReadOnlyList<SeedGroup> groups) => Opposite(Rises(quantity, groups));

    /// <summary>That a quantity does not fall with the level: <see cref="DoesNotRise"/> of its negative.</summary>
    /// <inheritdoc cref="Rises"/>
    public static Finding DoesNotFall(string quantity, IReadOnlyList<SeedGroup> groups) => Opposite(Falls(quantity, groups));

    /// <summary>
    /// That a quantity does not change with the level, either way: for it speaks that the fitted rise is within ±margin (two one-sided
    /// tests, Schuirmann 1987), against it that it is outside.
    /// </summary>
    /// <param name="quantity">What the values are, with a unit where they have one, as it stands in a sentence.</param>
    /// <param name="groups">The values by level: two levels or more.</param>
    /// <param name="margin">The largest change that counts as none, in the quantity's unit.</param>
    /// <param name="described">What the margin is, as <c>a tenth of the mean</c>.</param>
    public static Finding DoesNotChange(string quantity, IReadOnlyList<SeedGroup> groups, double margin, string described)
    {
        var finding = Trend(quantity, groups, trend => Evidence.Within(trend.Rise, -margin, margin));
        return finding with
        {
            Reason = $"{finding.Reason}; up to {Numbers.Format(margin)} counts as none",
            Statistics = [.. finding.Statistics, new Fact("counts as no change", $"up to {described}, {Numbers.Format(margin)}")],
        };
    }

    /// <summary>
    /// That two quantities of each run go together: for it speaks that Spearman's ρ is above 0 over all runs, and within the seeds as well
    /// (<see cref="WithinCorrelation"/>); against it that one of both is below <see cref="WeakCorrelation"/>. It takes ten runs. What the
    /// runs of a seed have in common may make a correlation over all, or hide that some seeds have none.
    /// </summary>
    /// <param name="first">One quantity, as it stands in a sentence.</param>
    /// <param name="second">The other.</param>
    /// <param name="runs">Both of each run, with its seed.</param>
    /// <param name="opposite">Whether they are claimed to go opposite ways.</param>
    public static Finding GoTogether(
        string first, string second, IReadOnlyList<(int Seed, double First, double Second)> runs, bool opposite = false)
    {
        (int Seed, double First, double Second)[] finite =
            [.. runs.Where(run => double.IsFinite(run.First) && double.IsFinite(run.Second))];
        var lost = runs.Count - finite.Length;
        var rank = RankCorrelation.Of([.. finite.Select(run => run.First)], [.. finite.Select(run => run.Second)]);
        var within = WithinCorrelation.Of(finite);
        var reach = (Math.Max(-1, within.Interval().Lower), Math.Min(1, within.Interval().Upper));
        Evidence[] evidence = opposite
            ?
            [
                new(rank.IsBelow(0), rank.IsAbove(-WeakCorrelation)), new(within.IsBelow(0), within.IsAbove(-WeakCorrelation)),
            ]
            : [new(rank.IsAbove(0), rank.IsBelow(WeakCorrelation)), new(within.IsAbove(0), within.IsBelow(WeakCorrelation))];
        var found = double.IsNaN(rank.Value)
            ? "isn’t defined: one of them never changes"
            : $"is {Numbers.Format(rank.Value, 2)}{Within(rank.Interval())}"
                + (double.IsNaN(within.Value)
                    ? ""
                    : $", and within the seeds {Numbers.Format(within.Value, 2)}{Within(reach)}");
        return new Finding(
            Evidence.All(evidence),
            $"Over {Numbers.Format(finite.Length)} runs{OfLevels(finite)} the rank correlation of {first} and {second} {found}"
                + LeftOut(lost, runs.Count),
            finite.Select(run => run.Seed).Distinct().Count(),
            [
                new Fact("Spearman’s ρ", RichText.Rounded(rank.Value, 3)), .. Interval("of ρ", rank.Interval()),
                new Fact("ρ within the seeds", RichText.Rounded(within.Value, 3)), .. Interval("of ρ within the seeds", reach),
                .. Lost(lost),
            ]);
    }

    /// <summary>That a quantity is below a bound on average over the seeds: Student’s one-sided test of its mean, either way.</summary>
    /// <param name="quantity">What the values are, as it stands in a sentence.</param>
    /// <param name="values">One of each seed.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="described">Where the bound comes from, as <c>1 % of the shortest</c>.</param>
    public static Finding IsBelow(string quantity, IReadOnlyList<double> values, double bound, string described) =>
        Mean(quantity, values, [bound], described, mean => new Evidence(mean.IsBelow(bound), mean.IsAbove(bound)));

    /// <summary>That a quantity is above a bound on average over the seeds: Student’s one-sided test of its mean, either way.</summary>
    /// <inheritdoc cref="IsBelow"/>
    public static Finding IsAbove(string quantity, IReadOnlyList<double> values, double bound, string described) =>
        Mean(quantity, values, [bound], described, mean => new Evidence(mean.IsAbove(bound), mean.IsBelow(bound)));

    /// <summary>
    /// That a quantity lies between two bounds on average over the seeds: for it speaks that its mean is above the lower and below the
    /// upper one (two one-sided tests, Schuirmann 1987), against it that it is outside.
    /// </summary>
    /// <param name="quantity">What the values are, as it stands in a sentence.</param>
    /// <param name="values">One of each seed.</param>
    /// <param name="lower">The lower bound.</param>
    /// <param name="upper">The upper bound.</param>
    /// <param name="described">Where the bounds come from.</param>
    public static Finding IsBetween(string quantity, IReadOnlyList<double> values, double lower, double upper, string described) =>
        Mean(quantity, values, [lower, upper], described, mean => Evidence.Within(mean, lower, upper));

    /// <summary>
    /// That a factor is below a bound on geometric average over the seeds: <see cref="IsBelow"/> of its logarithm. What is not a positive
    /// number is left out, and told.
    /// </summary>
    /// <inheritdoc cref="IsBelow"/>
    public static Finding IsFactorBelow(string quantity, IReadOnlyList<double> values, double bound, string described) =>
        Mean(
            quantity, Logarithms(values), [bound], described,
            mean => new Evidence(mean.IsBelow(Math.Log(bound)), mean.IsAbove(Math.Log(bound))), areLogarithms: true);

    /// <summary>
    /// That a factor lies between two bounds on geometric average over the seeds: <see cref="IsBetween"/> of its logarithm, in which twice
    /// and half are as far. What is not a positive number is left out, and told.
    /// </summary>
    /// <inheritdoc cref="IsBetween"/>
    public static Finding IsFactorBetween(string quantity, IReadOnlyList<double> values, double lower, double upper, string described) =>
        Mean(
            quantity, Logarithms(values), [lower, upper], described,
            mean => Evidence.Within(mean, Math.Log(lower), Math.Log(upper)), areLogarithms: true);

    /// <summary>
    /// That something holds in every case, such as an inequality: no chance is involved, and one case in which it fails refutes it.
    /// </summary>
    /// <param name="holds">Whether it does; null where the numbers leave it open.</param>
    /// <param name="reason">What was measured, a sentence without its full stop.</param>
    /// <param name="seeds">How many seeds the numbers rest on.</param>
    /// <param name="statistics">The numbers that it follows from.</param>
    public static Finding Holds(bool? holds, string reason, int seeds, params IReadOnlyList<Fact> statistics) =>
        new(
            holds is null ? Evidence.None with { IsTest = false } : holds.Value ? Evidence.Holds : Evidence.Fails,
            reason, seeds, statistics);

    /// <summary>
    /// That all parts of a claim hold. The reason is that of the part that speaks most against it where one denies it, and least for it
    /// where none does; each part's p-values are among the statistics. A part whose premise fails leaves the claim undecided, unless
    /// another denies it.
    /// </summary>
    /// <param name="parts">At least one: a part's name and what was found of it.</param>
    public static Finding All(params IReadOnlyList<(string Name, Finding Finding)> parts)
    {
        var evidence = Evidence.All([.. parts.Select(part => part.Finding.Evidence)]);
        var decisive = evidence.Against <= Evidence.Level
            ? parts.MinBy(part => part.Finding.Evidence.Against)
            : parts.MaxBy(part => (part.Finding.Evidence.For, part.Finding.PremiseFails));
        var holding = parts.Count(part => part.Finding.Evidence.For <= Evidence.Level);
        return new Finding(
            evidence,
            $"{holding} of {parts.Count} parts hold, each taken alone. The decisive one, {decisive.Name}: {decisive.Finding.Reason}",
            parts.Min(part => part.Finding.Seeds),
            [.. parts.Select(part => new Fact(
                part.Name,
                $"for it p = {Numbers.Format(part.Finding.Evidence.For, 2)}, against it p = "
                    + Numbers.Format(part.Finding.Evidence.Against, 2)))])
        {
            PremiseFails = evidence.Against > Evidence.Level && parts.Any(part => part.Finding.PremiseFails),
        };
    }

    // How many levels the runs are at, where each seed was trained at all.
    private static string OfLevels((int Seed, double First, double Second)[] runs)
    {
        int[] each = [.. runs.CountBy(run => run.Seed).Select(seed => seed.Value).Distinct()];
        return each is [> 1] ? $", of {each[0]} levels," : "";
    }

    private static double[] Logarithms(IReadOnlyList<double> values) =>
        [.. values.Select(value => value > 0 ? Math.Log(value) : double.NaN)];

    private static Finding Opposite(Finding finding) =>
        finding with { Evidence = finding.Evidence with { For = finding.Evidence.Against, Against = finding.Evidence.For } };

    private static Evidence Rise(TrendEstimate trend) => new(
        Math.Max(trend.Rise.IsAbove(0), trend.Extremes.IsAbove(0)),
        trend is { Spread: 0, Rise.Value: <= 0 } ? 0 : trend.Rise.IsBelow(SmallRise * trend.Spread));

    private static Evidence Fall(TrendEstimate trend) => new(
        Math.Max(trend.Rise.IsBelow(0), trend.Extremes.IsBelow(0)),
        trend is { Spread: 0, Rise.Value: >= 0 } ? 0 : trend.Rise.IsAbove(-SmallRise * trend.Spread));

    private static Finding Trend(
        string quantity, IReadOnlyList<SeedGroup> groups, Func<TrendEstimate, Evidence> evidence, bool areLogarithms = false)
    {
        SeedGroup[] ordered =
            [.. groups.OrderBy(group => group.Level).Select(group => (areLogarithms ? group.Logarithms : group).Finite)];
        if (ordered.Length < 2)
        {
            throw new ArgumentException($"a trend needs two levels, and {quantity} has {ordered.Length}", nameof(groups));
        }

        var total = groups.Sum(group => group.Values.Count);
        var lost = total - ordered.Sum(group => group.Values.Count);
        var seeds = ordered.Min(group => group.Values.Count);
        var kind = areLogarithms ? "positive" : "finite";
        if (seeds == 0)
        {
            return new Finding(
                Evidence.None,
                $"No run at {ordered.First(group => group.Values.Count == 0).Name} ended with a {kind} {quantity}"
                    + LeftOut(lost, total, kind),
                seeds,
                Lost(lost, kind));
        }

        var trend = TrendEstimate.Of([.. ordered.Select(group => group.Values)]);
        return new Finding(
            evidence(trend),
            $"From {ordered[0].Name} to {ordered[^1].Name} the {quantity} {Change(trend.Extremes, areLogarithms)}"
                + $"{Turn(ordered, trend.Extremes.Interval(), areLogarithms)}{LeftOut(lost, total, kind)}",
            seeds,
            [
                .. areLogarithms
                    ? Difference("ratio of the extremes", "of the ratio", "fitted ratio over all levels")
                    : Difference("difference of the extremes", "of the difference", "fitted rise over all levels"),
                new Fact(
                    $"fitted rise {(areLogarithms ? "of the logarithm " : "")}in standard deviations of a run",
                    RichText.Rounded(trend.EffectSize, 3)),
                new Fact("Spearman’s ρ of the seeds’ means", RichText.Rounded(Math.Round(trend.RankCorrelation, 6), 3)),
                .. ordered.Select(group => new Fact(
                    areLogarithms ? $"{group.Name}, geometric mean" : group.Name, Shown(group.Mean.Value, group.Mean.StandardError))),
                .. Lost(lost, kind),
            ]);

        IEnumerable<Fact> Difference(string extremes, string ofThem, string fitted) =>
        [
            new Fact(extremes, Shown(trend.Extremes.Value, trend.Extremes.StandardError)),
            .. Interval(ofThem, areLogarithms ? Exponential(trend.Extremes.Interval()) : trend.Extremes.Interval()),
            .. ordered.Length > 2
                ? [new Fact(fitted, Shown(trend.Rise.Value, trend.Rise.StandardError))]
                : Array.Empty<Fact>(),
        ];

        // The error of a factor is that of its logarithm, carried over.
        RichText Shown(double value, double error) =>
            areLogarithms ? RichText.WithError(Math.Exp(value), Math.Exp(value) * error) : RichText.WithError(value, error);
    }

    private static Finding Mean(
        string quantity, IReadOnlyList<double> values, double[] bounds, string described, Func<StudentEstimate, Evidence> evidence,
        bool areLogarithms = false)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var lost = values.Count - finite.Length;
        if (finite.Length == 0)
        {
            return new Finding(Evidence.None, $"No run ended with a finite {quantity}{LeftOut(lost, values.Count)}", 0, Lost(lost));
        }

        var mean = StudentEstimate.Mean(finite);
        double Shown(double value) => areLogarithms ? Math.Exp(value) : value;
        var interval = areLogarithms ? Exponential(mean.Interval()) : mean.Interval();
        return new Finding(
            evidence(mean),
            $"The {quantity} is {Numbers.Format(Shown(mean.Value), DigitsOfValue(interval))} on average{Within(interval, bounds)}"
                + LeftOut(lost, values.Count),
            finite.Length,
            [
                areLogarithms
                    ? new Fact("geometric mean", RichText.Rounded(Shown(mean.Value), 3))
                    : new Fact("mean", RichText.WithError(mean.Value, mean.StandardError)),
                .. Interval("of the mean", interval),
                new Fact("from least to largest", $"{Numbers.Format(Shown(finite.Min()))} to {Numbers.Format(Shown(finite.Max()))}"),
                new Fact("judged against", $"{string.Join(" to ", bounds.Select(bound => Numbers.Format(bound)))}, {described}"),
                .. Lost(lost),
            ]);
    }
}
