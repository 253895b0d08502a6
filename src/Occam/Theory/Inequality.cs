namespace Occam.Theory;

/// <summary>Left ≤ Right, or Left = Right, with both sides computed.</summary>
public sealed record Inequality
{
    private const double Rounding = 1e-9;

    private Inequality(string name, double left, double right, bool isEquality, InequalityVerdict verdict, string? why)
    {
        (Name, Left, Right, IsEquality, Verdict, Why) = (name, left, right, isEquality, verdict, why);
    }

    /// <summary>What stands on the two sides.</summary>
    public string Name { get; }

    /// <summary>The smaller side; NaN where it isn't applicable.</summary>
    public double Left { get; }

    /// <summary>The larger side, the bound; NaN where it isn't applicable.</summary>
    public double Right { get; }

    /// <summary>Whether both sides should be equal.</summary>
    public bool IsEquality { get; }

    /// <summary>Whether the paper proves it; one that it only suggests may fail, and says nothing against the theorem then.</summary>
    public bool IsProved { get; private init; } = true;

    /// <summary>
    /// Whether it holds of every network, for both sides come of the same numbers: it checks the computation, and says nothing of this
    /// network.
    /// </summary>
    public bool IsByArithmetic { get; private init; }

    /// <summary>What became of it.</summary>
    public InequalityVerdict Verdict { get; }

    /// <summary>Why it is vacuous or not applicable.</summary>
    public string? Why { get; }

    /// <summary>Right − Left: how much room there is; negative where it fails.</summary>
    public double Slack => Right - Left;

    /// <summary>Compares a quantity with its bound.</summary>
    /// <param name="name">What stands on the two sides.</param>
    /// <param name="left">The quantity.</param>
    /// <param name="right">Its upper bound; infinite where there is none.</param>
    /// <param name="tolerance">The part of the larger side that rounding may take.</param>
    /// <param name="vacuous">Why the bound says nothing, where it doesn't.</param>
    public static Inequality AtMost(string name, double left, double right, double tolerance = Rounding, string? vacuous = null) =>
        double.IsNaN(left) || double.IsNaN(right) ? NotApplicable(name, "a side of it isn't defined")
        : vacuous is not null || double.IsPositiveInfinity(right) ? new(
            name, left, right, false, InequalityVerdict.Vacuous, vacuous ?? "the bound is infinite")
        : new(name, left, right, false, left <= right + (tolerance * Math.Max(Math.Abs(left), Math.Abs(right)))
            ? InequalityVerdict.Holds
            : InequalityVerdict.Fails, null);

    /// <summary>Compares an estimate with its bound; some of its standard errors count as equality.</summary>
    /// <param name="name">What stands on the two sides.</param>
    /// <param name="left">The estimate.</param>
    /// <param name="right">Its upper bound; infinite where there is none.</param>
    /// <param name="errors">How many standard errors.</param>
    /// <param name="vacuous">Why the bound says nothing, where it doesn't.</param>
    public static Inequality AtMost(string name, Uncertain left, double right, int errors, string? vacuous = null) =>
        AtMost(name, left.Value, right, Part(left, right, errors), vacuous);

    /// <summary>Compares an estimate with what it should be; some of its standard errors count as equality.</summary>
    /// <param name="name">What stands on the two sides.</param>
    /// <param name="left">The estimate.</param>
    /// <param name="right">What it should be.</param>
    /// <param name="errors">How many standard errors.</param>
    public static Inequality Equal(string name, Uncertain left, double right, int errors) =>
        Equal(name, left.Value, right, Part(left, right, errors));

    /// <summary>The same as something that the paper suggests and doesn't prove.</summary>
    internal Inequality AsSuggested() => new(Name, Left, Right, IsEquality, Verdict, Why) { IsProved = false };

    /// <summary>The same as something that holds of every network by arithmetic.</summary>
    internal Inequality AsArithmetic() => new(Name, Left, Right, IsEquality, Verdict, Why) { IsByArithmetic = true };

    /// <summary>Compares two sides that should be equal.</summary>
    /// <param name="name">What stands on the two sides.</param>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <param name="tolerance">The part of the larger side that rounding may take.</param>
    public static Inequality Equal(string name, double left, double right, double tolerance = Rounding) =>
        double.IsNaN(left) || double.IsNaN(right) ? NotApplicable(name, "a side of it isn't defined")
        : new(name, left, right, true, Math.Abs(right - left) <= tolerance * Math.Max(Math.Abs(left), Math.Abs(right))
            ? InequalityVerdict.Holds
            : InequalityVerdict.Fails, null);

    /// <summary>One that can't be checked.</summary>
    public static Inequality NotApplicable(string name, string why) =>
        new(name, double.NaN, double.NaN, false, InequalityVerdict.NotApplicable, why);

    /// <summary>Standard errors as a part of the larger side, with rounding; rounding alone where no error is known.</summary>
    private static double Part(Uncertain left, double right, int errors)
    {
        var larger = Math.Max(Math.Abs(left.Value), Math.Abs(right));
        var part = Rounding + (errors * left.StandardError / larger);
        return double.IsFinite(part) ? part : Rounding;
    }
}
