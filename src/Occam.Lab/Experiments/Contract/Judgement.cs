using MathNet.Numerics.Statistics;
using Occam.Lab.Reports;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Contract;

/// <summary>Verdicts on claims: they follow from the numbers, and are never better than the scale and the seeds allow.</summary>
public static class Judgement
{
    /// <summary>Fewer seeds than this decide nothing.</summary>
    public const int EnoughSeeds = 3;

    private const double StandardErrors = 2;
    private const string Difference = "difference of the extremes";
    private const string WithoutValue = "runs without a finite value";
    private const string Seeds = "seeds";

    /// <summary>
    /// Judges that a quantity follows the order of its groups. Reproduced when Spearman's ρ of level and seed mean has
    /// the claimed sign and the means of the two extreme levels differ that way by more than two standard errors; not
    /// reproduced when both say the opposite; undecided between, below three seeds, and at the smoke scale.
    /// <see cref="Trend.DoesNotRise"/> is reproduced when ρ is not positive and the extremes don't rise beyond two standard
    /// errors, not reproduced when both rise, and undecided between; <see cref="Trend.DoesNotFall"/> likewise. Values
    /// that are not finite are left out, and the reason says how many they are.
    /// </summary>
    /// <param name="claim">What is claimed.</param>
    /// <param name="trend">The direction claimed, as the level grows.</param>
    /// <param name="quantity">What the values are, with a unit where they have one.</param>
    /// <param name="groups">At least two, of different levels.</param>
    /// <param name="scale">The scale of the run.</param>
    public static VerdictBlock Ordered(Claim claim, Trend trend, string quantity, IReadOnlyList<SeedGroup> groups, ExperimentScale scale)
    {
        SeedGroup[] ordered = [.. groups.OrderBy(group => group.Level).Select(group => group.Finite)];
        if (ordered.Length < 2)
        {
            throw new ArgumentException("an order needs at least two groups", nameof(groups));
        }

        var seeds = ordered.Min(group => group.Values.Count);
        var (total, lost) = (
            groups.Sum(group => group.Values.Count), groups.Sum(group => group.Values.Count) - ordered.Sum(group => group.Values.Count));
        Fact[] without = lost > 0 ? [new Fact(WithoutValue, lost)] : [];
        var leftOut = lost > 0 ? $" {lost} of {total} runs ended without a finite value and {(lost == 1 ? "is" : "are")} left out." : "";
        if (seeds == 0)
        {
            return Block(
                claim, Verdict.Undecided,
                $"No run at {ordered.First(group => group.Values.Count == 0).Name} ended with a finite value.{leftOut}", seeds, without);
        }

        var (low, high) = (ordered[0], ordered[^1]);
        var rank = Correlation.Spearman(ordered.Select(group => group.Level), ordered.Select(group => group.Mean.Value));
        var difference = Uncertain.DifferenceByPowers(high.Mean, low.Mean);
        var verdict = seeds < EnoughSeeds || scale == ExperimentScale.Smoke ? Verdict.Undecided : Decide(trend, rank, difference);
        return Block(
            claim,
            verdict,
            $"From {low.Name} to {high.Name} the {quantity} {(difference.Value < 0 ? "falls" : "rises")} by "
                + $"{Numbers.WithError(Math.Abs(difference.Value), difference.StandardError)}{Shortfall(seeds, scale)}.{leftOut}",
            seeds,
            [
                new Fact("Spearman’s ρ of the seeds’ means", RichText.Rounded(Math.Round(rank, 6), 3)),
                .. ordered.Select(group => new Fact(group.Name, RichText.WithError(group.Mean))),
                new Fact(Difference, RichText.WithError(difference)),
                .. without,
            ]);
    }

    /// <summary>
    /// Judges a claim that holds in the numbers, or does not, or that they leave open; undecided below three seeds and at the smoke scale.
    /// </summary>
    /// <param name="claim">What is claimed.</param>
    /// <param name="holds">Whether it holds in what was measured; null where that leaves it open.</param>
    /// <param name="reason">What was measured, a clause without a full stop.</param>
    /// <param name="seeds">How many seeds the numbers rest on.</param>
    /// <param name="scale">The scale of the run.</param>
    /// <param name="statistics">The numbers that the verdict follows from.</param>
    public static VerdictBlock Holds(
        Claim claim, bool? holds, string reason, int seeds, ExperimentScale scale, params IReadOnlyList<Fact> statistics)
    {
        var verdict = seeds < EnoughSeeds || scale == ExperimentScale.Smoke || holds is null ? Verdict.Undecided
            : holds.Value ? Verdict.Reproduced
            : Verdict.NotReproduced;
        return Block(claim, verdict, $"{reason}{Shortfall(seeds, scale)}.", seeds, statistics);
    }

    /// <summary>
    /// Judges a claim that has several parts: reproduced when every part is, not reproduced when one is not, and undecided
    /// otherwise. It gives each part's verdict with the difference of its extremes, and what the first of the worst follows from.
    /// </summary>
    /// <param name="claim">What is claimed of all parts.</param>
    /// <param name="parts">At least one: a part's name and the verdict on it alone.</param>
    public static VerdictBlock Every(Claim claim, params IReadOnlyList<(string Name, VerdictBlock Verdict)> parts)
    {
        var worst = parts.Any(part => part.Verdict.Verdict == Verdict.NotReproduced) ? Verdict.NotReproduced
            : parts.Any(part => part.Verdict.Verdict == Verdict.Undecided) ? Verdict.Undecided
            : Verdict.Reproduced;
        var decisive = parts.First(part => part.Verdict.Verdict == worst);
        string[] which = [.. parts.Where(part => part.Verdict.Verdict == worst).Select(part => part.Name)];
        var verb = worst == Verdict.Undecided ? "are undecided" : which.Length == 1 ? "does not hold" : "do not hold";
        var count = worst == Verdict.Reproduced
            ? $"All {parts.Count} parts hold"
            : $"{which.Length} of {parts.Count} parts {verb} ({string.Join("; ", which)})";
        var lost = parts.Max(part => Count(part.Verdict, WithoutValue));
        Fact[] without = lost > 0 ? [new Fact($"{WithoutValue}, at most of a part", lost)] : [];
        return new VerdictBlock(
            claim.Text,
            worst,
            $"{count}. For {decisive.Name}: {decisive.Verdict.Reason.PlainText}",
            [
                .. parts.Select(part => new Fact(
                    $"{part.Name}: {Word(part.Verdict.Verdict)}",
                    part.Verdict.Statistics.FirstOrDefault(fact => fact.Name.PlainText == Difference)?.Value ?? "—")),
                .. without,
                new Fact(Seeds, parts.Min(part => Count(part.Verdict, Seeds))),
            ])
        {
            Source = claim.Source,
        };
    }

    /// <summary>The mean's standard error; 0 for a single value, which has none.</summary>
    public static double StandardError(IReadOnlyList<double> values) => Uncertain.Mean(values).ZeroErrorOfOne().StandardError;

    private static Verdict Decide(Trend trend, double rank, Uncertain difference)
    {
        var isClear = difference.DiffersFromZero(StandardErrors);
        var (above, below) = (isClear && difference.Value > 0, isClear && difference.Value < 0);
        var (rises, falls) = (rank > 0 && above, rank < 0 && below);
        return trend switch
        {
            Trend.Rises => rises ? Verdict.Reproduced : falls ? Verdict.NotReproduced : Verdict.Undecided,
            Trend.Falls => falls ? Verdict.Reproduced : rises ? Verdict.NotReproduced : Verdict.Undecided,
            Trend.DoesNotRise => rises ? Verdict.NotReproduced : !(rank > 0) && !above ? Verdict.Reproduced : Verdict.Undecided,
            Trend.DoesNotFall => falls ? Verdict.NotReproduced : !(rank < 0) && !below ? Verdict.Reproduced : Verdict.Undecided,
            _ => throw new ArgumentOutOfRangeException(nameof(trend)),
        };
    }

    private static long Count(VerdictBlock verdict, string name) =>
        (long)(verdict.Statistics.LastOrDefault(fact => fact.Name.PlainText == name)?.Value.Number ?? 0);

    private static string Word(Verdict verdict) =>
        verdict switch { Verdict.Reproduced => "holds", Verdict.NotReproduced => "does not hold", _ => "undecided" };

    private static string Shortfall(int seeds, ExperimentScale scale) =>
        scale == ExperimentScale.Smoke ? "; the smoke scale judges nothing"
        : seeds < EnoughSeeds ? $"; a verdict takes {EnoughSeeds} seeds"
        : "";

    private static VerdictBlock Block(Claim claim, Verdict verdict, string reason, int seeds, params IReadOnlyList<Fact> statistics) =>
        new(claim.Text, verdict, reason, [.. statistics, new Fact(Seeds, seeds)]) { Source = claim.Source };
}
