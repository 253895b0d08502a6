using System.Globalization;
using System.Text;

namespace Occam.Lab.Text;

/// <summary>Numbers as they stand in a column.</summary>
internal static class NumberText
{
    private const int MostDigits = 15;

    /// <summary>What tables and pages call a standard error over the examples.</summary>
    public const string OverExamples = "over other examples";

    /// <summary>A number to four significant digits.</summary>
    public static string Plain(double value) => Numbers.Format(value);

    /// <summary>A number ± its standard error, where it has one.</summary>
    public static string WithError(Uncertain number) =>
        number.StandardError == 0 ? Numbers.Format(number.Value, 5) : Numbers.WithError(number);

    /// <summary>In a word or two, what sort of number it is: "exact", "estimated", "iterated", "lower bound", "upper bound".</summary>
    public static string KindOf(Uncertain number) => number switch
    {
        { Side: BoundSide.Lower } => "lower bound",
        { Side: BoundSide.Upper } => "upper bound",
        { IsExact: true } => "exact",
        { Residual: not null } => "iterated",
        _ => "estimated",
    };

    /// <summary>A standard error by itself.</summary>
    public static string Error(double standardError) => $"± {Numbers.Format(standardError, 2)}";

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A ratio in words, "2.4 times": to two digits, and to more where it would look like 1.</summary>
    public static string Times(double ratio)
    {
        var digits = 2;
        while (digits < MostDigits && ratio != 1 && Numbers.Format(ratio, digits) == "1")
        {
            digits++;
        }

        return $"{Numbers.Format(ratio, digits)} times";
    }

    /// <summary>How long something takes, roughly: "40 seconds", "3.2 hours".</summary>
    public static string About(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{Roughly(time.TotalDays)} days",
        { TotalHours: >= 2 } => $"{Roughly(time.TotalHours)} hours",
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:N0} minutes"),
        { TotalSeconds: >= 1.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N0} seconds"),
        _ => "a second",
    };

    private static string Roughly(double number) =>
        number.ToString(number < 9.95 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A time as a clock shows it: <c>1:02:03</c>, <c>2:03</c>.</summary>
    public static string Clock(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}")}");

    /// <summary>The numbers padded on both sides, so that their decimal points stand below each other.</summary>
    public static IReadOnlyList<string> Aligned(IReadOnlyList<string> numbers)
    {
        var (before, after) = (numbers.Select(PointOf).DefaultIfEmpty().Max(), numbers.Select(AfterPoint).DefaultIfEmpty().Max());
        return
        [
            .. numbers.Select(number => number.Length == 0 ? ""
                : new string(' ', before - PointOf(number)) + number + new string(' ', after - AfterPoint(number))),
        ];

        static int AfterPoint(string number) => number.Length - PointOf(number);
    }

    /// <summary>
    /// The words of a name in camelCase: <c>samplingError</c> is <c>sampling error</c>, <c>probabilities.p95</c> is <c>probabilities,
    /// p95</c>.
    /// </summary>
    public static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            words.Append(letter switch
            {
                '.' => ", ",
                _ when char.IsUpper(letter) => $" {char.ToLowerInvariant(letter)}",
                _ => letter.ToString(),
            });
        }

        return words.ToString();
    }

    private static int PointOf(string number)
    {
        var point = number.IndexOf('.');
        if (point >= 0)
        {
            return point;
        }

        var end = 0;
        while (end < number.Length && (char.IsDigit(number[end])
            || number[end] is Numbers.Minus or '(' or Numbers.Group or '∞'
            || (end < 2 && number[end] is '±' or ' ')))
        {
            end++;
        }

        return end;
    }
}
