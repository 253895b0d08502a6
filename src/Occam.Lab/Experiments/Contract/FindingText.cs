using Occam.Lab.Reports;
using Occam.Lab.Significance;

namespace Occam.Lab.Experiments.Contract;

/// <summary>How <see cref="Judge"/> tells what was found.</summary>
internal static class FindingText
{
    /// <summary>
    /// A difference and its interval as a verb: that it rises or falls, or changes in no clear direction where both one-sided tests, by
    /// which claims are judged, leave that open.
    /// </summary>
    /// <param name="change">The difference.</param>
    /// <param name="areLogarithms">Whether it is one of logarithms: then a factor is told.</param>
    public static string Change(StudentEstimate change, bool areLogarithms)
    {
        var (difference, interval) = (change.Value, change.Interval());
        (double Lower, double Upper) away = difference < 0 ? (-interval.Upper, -interval.Lower) : interval;
        return !double.IsNaN(interval.Lower) && Math.Min(change.IsBelow(0), change.IsAbove(0)) > Evidence.Level
            ? $"changes {By(difference, interval, areLogarithms)}, in no clear direction"
            : $"{(difference < 0 ? "falls" : "rises")} {By(Math.Abs(difference), away, areLogarithms)}"
                + (interval is { Lower: < 0, Upper: > 0 } ? ", clear by a one-sided test alone" : "");
    }

    /// <summary>
    /// Where it clearly rises or falls from end to end: between which neighbours it clearly goes the other way, if it does.
    /// </summary>
    /// <param name="ordered">The groups, in order.</param>
    /// <param name="interval">The interval of the difference of the extremes.</param>
    /// <param name="areLogarithms">Whether the groups' values are logarithms: then a factor is told.</param>
    public static string Turn(SeedGroup[] ordered, (double Lower, double Upper) interval, bool areLogarithms)
    {
        if (!(interval.Lower > 0 || interval.Upper < 0))
        {
            return "";
        }

        var (from, to, change) = ordered
            .Zip(ordered.Skip(1), (from, to) => (from, to, Change: StudentEstimate.Contrast([(-1, from.Values), (1, to.Values)])))
            .MinBy(step => Against(step.Change));
        return (ordered.Length - 1) * Against(change) > Evidence.Level
            ? ""
            : $", but from {from.Name} to {to.Name} it {(change.Value > 0 ? "rises" : "falls")} "
                + By(Math.Abs(change.Value), (double.NaN, double.NaN), areLogarithms);

        double Against(StudentEstimate step) => interval.Lower > 0 ? step.IsBelow(0) : step.IsAbove(0);
    }

    private static string By(double difference, (double Lower, double Upper) interval, bool areLogarithms)
    {
        var shown = areLogarithms ? Exponential(interval) : interval;
        var value = Numbers.Format(areLogarithms ? Math.Exp(difference) : difference, DigitsOfValue(shown));
        return $"by {(areLogarithms ? "a factor of " : "")}{value}{Within(shown)}";
    }

    /// <summary>The interval of a number from that of its logarithm.</summary>
    public static (double Lower, double Upper) Exponential((double Lower, double Upper) interval) =>
        (Math.Exp(interval.Lower), Math.Exp(interval.Upper));

    /// <summary>A 95 % interval in parentheses; nothing where there is none.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="bounds">What it is judged against: on which side of these its ends are is to be seen.</param>
    public static string Within((double Lower, double Upper) interval, params IReadOnlyList<double> bounds)
    {
        if (double.IsNaN(interval.Lower))
        {
            return "";
        }

        var digits = bounds
            .SelectMany(bound => new[] { DigitsToTell(interval.Lower, bound), DigitsToTell(interval.Upper, bound) })
            .Append(Digits(interval))
            .Max();
        return $" (95\u00A0% interval {Numbers.Format(interval.Lower, digits)} to {Numbers.Format(interval.Upper, digits)})";
    }

    /// <summary>A 95 % interval as a statistic; none where there is none.</summary>
    public static IEnumerable<Fact> Interval(string what, (double Lower, double Upper) interval) => double.IsNaN(interval.Lower)
        ? []
        : [new Fact($"95\u00A0% interval {what}", $"{Numbers.Format(interval.Lower, 3)} to {Numbers.Format(interval.Upper, 3)}")];

    /// <summary>The digits of a number beside its interval: no fewer than that has.</summary>
    public static int DigitsOfValue((double Lower, double Upper) interval) =>
        Math.Max(3, double.IsNaN(interval.Lower) ? 3 : Digits(interval));

    // So many that both ends differ by more than their last digit.
    private static int Digits((double Lower, double Upper) interval)
    {
        var narrow = Math.Max(Math.Abs(interval.Lower), Math.Abs(interval.Upper)) / (interval.Upper - interval.Lower);
        return narrow is > 10 and < 1e6 ? 2 + (int)Math.Log10(narrow) : 2;
    }

    // So many that a number, rounded, isn't the bound that it is near.
    private static int DigitsToTell(double value, double bound)
    {
        const int Most = 6;
        return value == bound
            ? 0
            : Enumerable.Range(2, Most - 1).FirstOrDefault(digits => Numbers.Format(value, digits) != Numbers.Format(bound, digits), Most);
    }

    /// <summary>How many runs were left out, if any.</summary>
    public static string LeftOut(int lost, int total, string kind = "finite") => lost == 0
        ? ""
        : $"; {lost} of {total} runs ended without a {kind} value and {(lost == 1 ? "is" : "are")} left out";

    /// <summary>The same as a statistic.</summary>
    public static Fact[] Lost(int lost, string kind = "finite") => lost > 0 ? [new Fact($"runs without a {kind} value", lost)] : [];
}
