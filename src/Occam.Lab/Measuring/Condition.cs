using System.Globalization;
using Occam.Lab.Runs.Configuration;
using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>
/// A condition of <c>--fail-if</c> on the second network's value: <c>ID &gt; 1.2x</c> (than 1.2 times the first's, which must be
/// positive), <c>ID &gt; +5%</c> (than the first's and 5 % of its size), <c>ID &gt; 3.5</c> (than a number), with &gt;, &gt;=, &lt; or
/// &lt;=; ID a measure, or one of its details after a dot.
/// </summary>
public sealed record Condition
{
    private readonly string _operator;
    private readonly double _number;
    private readonly Kind _kind;

    private Condition(string text, Measure measure, string? detail, string @operator, double number, Kind kind) =>
        (Text, Measure, Detail, _operator, _number, _kind) = (text, measure, detail, @operator, number, kind);

    private enum Kind
    {
        Number,
        Factor,
        Percent,
    }

    /// <summary>The condition as it was written.</summary>
    public string Text { get; }

    /// <summary>The measure.</summary>
    public Measure Measure { get; }

    /// <summary>The detail of it; null for its value.</summary>
    public string? Detail { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="OccamException">It can't be read, or the measure is unknown.</exception>
    /// <param name="text">The condition.</param>
    /// <param name="measures">How its measure is read.</param>
    public static Condition Parse(string text, MeasureText measures)
    {
        var start = text.IndexOfAny(['<', '>']);
        if (start <= 0)
        {
            throw Unreadable(text);
        }

        var length = start + 1 < text.Length && text[start + 1] == '=' ? 2 : 1;
        var quantity = text[..start].Trim();
        var measure = MeasureText.Split(quantity, '.').First();
        var detail = measure.Length < quantity.Length ? quantity[(measure.Length + 1)..] : null;
        var bound = text[(start + length)..].Trim();
        var (kind, digits) = bound switch
        {
            [.. var factor, 'x' or '×'] => (Kind.Factor, factor),
            ['+' or '-', .., '%'] => (Kind.Percent, bound[..^1]),
            _ => (Kind.Number, bound),
        };
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Condition(text.Trim(), measures.Read(measure), detail, text.Substring(start, length), number, kind)
            : throw Unreadable(text);
    }

    /// <summary>Whether it holds, and the two numbers that were compared.</summary>
    /// <exception cref="OccamException">
    /// A value that it needs is not there, or is not a number; or a factor is of a value that isn't positive.
    /// </exception>
    public Decision Decide(Comparison comparison)
    {
        var value = ValueOf(comparison.B);
        var bound = _kind switch
        {
            Kind.Factor => Multiplied(ValueOf(comparison.A)),
            Kind.Percent => Raised(ValueOf(comparison.A)),
            _ => _number,
        };
        var holds = _operator switch
        {
            ">" => value > bound,
            ">=" => value >= bound,
            "<" => value < bound,
            _ => value <= bound,
        };
        return new Decision(this, value, bound, holds);
    }

    // Times a factor below 1, a negative value is larger.
    private double Multiplied(double value) => value > 0
        ? _number * value
        : throw new OccamException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{Text}' can't be decided: A's value is {value:G4}, and a factor is for positive values; use a percentage, which is of the "
                + $"value's size: '{Text[..(Text.IndexOf(_operator, StringComparison.Ordinal) + _operator.Length)]} "
                + $"{100 * (_number - 1):+0.####;-0.####;+0}%'"));

    private double Raised(double value) => value + (Math.Abs(value) * _number / 100);

    private double ValueOf(MeasuredNetwork measured)
    {
        var result = measured.Find(Measure.Name)!;
        if (result.NotApplicable is { } why)
        {
            throw new OccamException($"'{Text}' can't be decided: {Measure.Name} of {measured.Loaded.Path} {why}");
        }

        var value = Detail is null ? result.Value : DetailOf(result);
        return value is { } number && !double.IsNaN(number)
            ? number
            : throw new OccamException($"'{Text}' can't be decided: the value for {measured.Loaded.Path} is not a number");
    }

    private double? DetailOf(MeasureResult result)
    {
        string[] names = [.. result.NamedDetails.Select(detail => detail.Key)];
        return names.Contains(Detail)
            ? result.Detail(Detail!)
            : throw new OccamException(
                $"'{Text}' can't be decided: {Measure.Name} has no detail '{Detail}'; there are "
                    + $"{(names.Length == 0 ? "none" : string.Join(", ", names))}");
    }

    private static OccamException Unreadable(string text) => new(
        $"the condition '{text}' can't be read: expected 'geometric-complexity > 1.2x', '… > +5%' or '… > 3.5', with >, >=, < or <=, and "
            + "details after a dot as in local-lipschitz.maximum");

    /// <summary>What became of a condition.</summary>
    /// <param name="Condition">The condition.</param>
    /// <param name="Value">The second network's value.</param>
    /// <param name="Bound">What it was compared with.</param>
    /// <param name="Holds">Whether the condition holds.</param>
    public sealed record Decision(Condition Condition, double Value, double Bound, bool Holds);
}
