using System.Globalization;
using System.Text;

namespace Occam;

/// <summary>
/// Numbers as they are typeset: a true minus, commas between groups of three digits from 10,000 on, and × 10ⁿ instead of
/// E-notation.
/// </summary>
internal static class Numbers
{
    /// <summary>The minus sign, U+2212.</summary>
    public const char Minus = '\u2212';

    /// <summary>What stands between groups of three digits.</summary>
    public const char Group = ',';

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>The value to <paramref name="digits"/> significant digits, without trailing zeros.</summary>
    public static string Format(double value, int digits = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }
        if (value == 0)
        {
            return "0";
        }
        if (Math.Abs(value) < 1e6 && value == Math.Round(value))
        {
            return Grouped(value, 0);
        }

        var exponent = Exponent(value, digits);
        return IsPlain(exponent)
            ? Trimmed(Grouped(value, Math.Clamp(digits - 1 - exponent, 0, 15)))
            : $"{Trimmed(Grouped(Scaled(value, exponent), digits - 1))}{PowerOfTen(exponent)}";
    }

    /// <summary>A whole number, in full.</summary>
    public static string Format(long value) => Grouped(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// The value ± its standard error: the error to two significant digits, the value to the same
    /// decimal place. An error that is zero or not finite is left out.
    /// </summary>
    public static string WithError(double value, double standardError)
    {
        if (!double.IsFinite(value) || !double.IsFinite(standardError) || standardError == 0)
        {
            return Format(value, 6);
        }

        var errorExponent = Exponent(standardError, 2);
        var exponent = value == 0 ? errorExponent : Math.Max(Exponent(value, 2), errorExponent);
        if (IsPlain(exponent))
        {
            var decimals = Math.Clamp(1 - errorExponent, 0, 15);
            return $"{Grouped(value, decimals)} ± {Grouped(standardError, decimals)}";
        }
        var places = Math.Clamp(exponent - errorExponent + 1, 0, 15);
        return $"({Grouped(Scaled(value, exponent), places)} ± {Grouped(Scaled(standardError, exponent), places)}){PowerOfTen(exponent)}";
    }

    /// <summary>A number ± its standard error, as by <see cref="WithError(double, double)"/>.</summary>
    public static string WithError(Uncertain number) => WithError(number.Value, number.StandardError);

    /// <summary>A number ± its standard error where it has one, and to four significant digits where not.</summary>
    public static string Format(Uncertain number) => HasError(number) ? WithError(number) : Format(number.Value);

    /// <summary>Whether there is a standard error to tell.</summary>
    internal static bool HasError(Uncertain number) => number.StandardError > 0 && double.IsFinite(number.StandardError);

    private static bool IsPlain(int exponent) => exponent is >= -3 and < 6;

    private static string NonFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : $"{Minus}∞";

    /// <summary>The decimal exponent of the value once rounded: 9.9996 to four digits has 1, not 0.</summary>
    private static int Exponent(double value, int digits)
    {
        var text = value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The value divided by 10^<paramref name="exponent"/>, in two steps so that subnormal values survive.</summary>
    private static double Scaled(double value, int exponent)
    {
        var half = exponent / 2;
        return value / Math.Pow(10, half) / Math.Pow(10, exponent - half);
    }

    private static string Grouped(double value, int decimals) => Grouped(value.ToString($"F{decimals}", CultureInfo.InvariantCulture));

    private static string Grouped(string plain)
    {
        var negative = plain[0] == '-' && plain.Any(c => c is >= '1' and <= '9');
        var unsigned = plain.TrimStart('-');
        var point = unsigned.IndexOf('.');
        var whole = point < 0 ? unsigned.Length : point;
        var grouped = new StringBuilder(unsigned);
        if (whole > 4)
        {
            for (var place = whole - 3; place > 0; place -= 3)
            {
                grouped.Insert(place, Group);
            }
        }
        return negative ? $"{Minus}{grouped}" : grouped.ToString();
    }

    private static string Trimmed(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;

    private static string PowerOfTen(int exponent)
    {
        var digits = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).Select(digit => Superscripts[digit - '0']);
        return $" × 10{(exponent < 0 ? "⁻" : "")}{string.Concat(digits)}";
    }
}
