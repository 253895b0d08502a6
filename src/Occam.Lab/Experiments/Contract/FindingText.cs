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
    public static string Change(StudentEstimate change)
    {
        var (difference, interval) = (change.Value, change.Interval());
        var amount = Numbers.Format(Math.Abs(difference), 3);
        return !double.IsNaN(interval.Lower) && Math.Min(change.IsBelow(0), change.IsAbove(0)) > Evidence.Level
            ? $"changes by {Numbers.Format(difference, 2)}{Within(interval)}, in no clear direction"
            : $"{(difference < 0 ? "falls" : "rises")} by {amount}{Within(difference < 0 ? (-interval.Upper, -interval.Lower) : interval)}"
                + (interval is { Lower: < 0, Upper: > 0 } ? ", clear by a one-sided test alone" : "");
    }

    /// <summary>
    /// Where it clearly rises or falls from end to end: between which neighbours it clearly goes the other way, if it does.
    /// </summary>
    public static string Turn(SeedGroup[] ordered, (double Lower, double Upper) interval)
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
            : $", but from {from.Name} to {to.Name} it {(change.Value > 0 ? "rises" : "falls")} by "
                + Numbers.Format(Math.Abs(change.Value), 3);

        double Against(StudentEstimate step) => interval.Lower > 0 ? step.IsBelow(0) : step.IsAbove(0);
    }

    /// <summary>A 95 % interval in parentheses; nothing where there is none.</summary>
    public static string Within((double Lower, double Upper) interval) => double.IsNaN(interval.Lower)
        ? ""
        : $" (95\u00A0% interval {Numbers.Format(interval.Lower, Digits(interval))} to {Numbers.Format(interval.Upper, Digits(interval))})";

    /// <summary>A 95 % interval as a statistic; none where there is none.</summary>
    public static IEnumerable<Fact> Interval(string what, (double Lower, double Upper) interval) => double.IsNaN(interval.Lower)
        ? []
        : [new Fact($"95\u00A0% interval {what}", $"{Numbers.Format(interval.Lower, 3)} to {Numbers.Format(interval.Upper, 3)}")];

    // So many that both ends differ by more than their last digit.
    private static int Digits((double Lower, double Upper) interval)
    {
        var narrow = Math.Max(Math.Abs(interval.Lower), Math.Abs(interval.Upper)) / (interval.Upper - interval.Lower);
        return narrow is > 10 and < 1e6 ? 2 + (int)Math.Log10(narrow) : 2;
    }

    /// <summary>How many runs were left out, if any.</summary>
    public static string LeftOut(int lost, int total) => lost == 0
        ? ""
        : $"; {lost} of {total} runs ended without a finite value and {(lost == 1 ? "is" : "are")} left out";

    /// <summary>The same as a statistic.</summary>
    public static Fact[] Lost(int lost) => lost > 0 ? [new Fact("runs without a finite value", lost)] : [];
}
