namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A factor of a product that is divided by; by itself it is nothing.</summary>
/// <param name="pattern">What is divided by.</param>
internal sealed class Divisor(Pattern pattern) : Pattern
{
    public Pattern Pattern => pattern;

    public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match) => [];
}
