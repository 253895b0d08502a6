namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A number times factors in any order; a value by itself is a product of one.</summary>
/// <param name="coefficient">The number; null for any.</param>
/// <param name="name">The name under which any number is matched.</param>
/// <param name="factors">The factors.</param>
internal sealed class ProductPattern(double? coefficient, string? name, Pattern[] factors) : Pattern
{
    public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match)
    {
        if (factors is [var only] && Scaled(match, 1) is { } alone)
        {
            foreach (var found in only.Find(draft, value, alone))
            {
                yield return found;
            }
        }

        var parts = Factors.Of(draft, value);
        if (parts.Places.Count == 0 || parts.All.Count != factors.Length || Scaled(match, parts.Coefficient) is not { } scaled)
        {
            yield break;
        }

        foreach (var found in Assign(draft, [.. parts.All], 0, scaled.With(parts.Places)))
        {
            yield return found;
        }
    }

    private Match? Scaled(Match match, double number) =>
        coefficient is { } wanted ? IsNear(number, wanted) ? match : null
        : double.IsFinite(number) ? match.With(name!, number)
        : null;

    private IEnumerable<Match> Assign(GraphDraft draft, (string Value, bool Inverted)[] left, int next, Match match)
    {
        if (next == factors.Length)
        {
            return [match];
        }

        var (pattern, isDivisor) = factors[next] is Divisor divisor ? (divisor.Pattern, true) : (factors[next], false);
        return left.Distinct().Where(part => part.Inverted == isDivisor).SelectMany(part =>
        {
            var rest = left.ToList();
            rest.Remove(part);
            return pattern.Find(draft, part.Value, match).SelectMany(found => Assign(draft, [.. rest], next + 1, found));
        });
    }
}
