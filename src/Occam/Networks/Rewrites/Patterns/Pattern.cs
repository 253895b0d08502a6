namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A shape that a part of a graph may have, seen from the value that it computes.</summary>
internal abstract class Pattern
{
    // Decimal constants rounded to float32 are this near, and no two forms' constants are.
    private const double Tolerance = 1e-6;

    /// <summary>All ways in which a value is computed so, each going on from what is already matched.</summary>
    public abstract IEnumerable<Match> Find(GraphDraft draft, string value, Match match);

    /// <summary>Any value; the same one wherever the name occurs.</summary>
    public static Pattern Value(string name) => new BoundValue(name);

    /// <summary>A constant of the network.</summary>
    public static Pattern Constant(string name) => new BoundConstant(name);

    /// <summary>A constant of that one number.</summary>
    public static Pattern Number(double number) => new FixedNumber(number);

    /// <summary>A constant of any one number.</summary>
    public static Pattern AnyNumber(string name) => new BoundNumber(name);

    /// <summary>A node of that operator with inputs of those patterns, in either order where that doesn't matter.</summary>
    public static Pattern Apply(string type, params Pattern[] inputs) => new AppliedOperator(type, null, inputs);

    /// <summary>The same where the node meets a condition, which may add to the match.</summary>
    public static Pattern Apply(string type, NodeCondition condition, params Pattern[] inputs) =>
        new AppliedOperator(type, condition, inputs);

    /// <summary>One of several.</summary>
    public static Pattern Any(params Pattern[] patterns) => new Alternatives(patterns);

    /// <summary>A number times factors, multiplied and divided in any order.</summary>
    public static Pattern Product(double coefficient, params Pattern[] factors) => new ProductPattern(coefficient, null, factors);

    /// <summary>Any number times factors.</summary>
    public static Pattern Product(string coefficient, params Pattern[] factors) => new ProductPattern(null, coefficient, factors);

    /// <summary>A factor that is divided by.</summary>
    public static Pattern Inverse(Pattern divisor) => new Divisor(divisor);

    /// <summary>Whether a number is another one, as far as an export keeps it.</summary>
    public static bool IsNear(double number, double wanted) => Math.Abs(number - wanted) <= Tolerance * Math.Abs(wanted);

    private sealed class BoundValue(string name) : Pattern
    {
        public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) =>
            draft.Constant(value) is null && match.With(name, value) is { } found ? [found] : [];
    }

    private sealed class BoundConstant(string name) : Pattern
    {
        public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) =>
            draft.Constant(value) is { IsFloatingPoint: true } && match.With(name, value) is { } found ? [found] : [];
    }

    private sealed class FixedNumber(double number) : Pattern
    {
        public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) =>
            draft.Number(value) is { } constant && IsNear(constant, number) ? [match] : [];
    }

    private sealed class BoundNumber(string name) : Pattern
    {
        public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) =>
            draft.Number(value) is { } constant && match.With(name, constant) is { } found ? [found] : [];
    }

    private sealed class Alternatives(Pattern[] patterns) : Pattern
    {
        public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) =>
            patterns.SelectMany(pattern => pattern.Find(draft, value, match));
    }
}
