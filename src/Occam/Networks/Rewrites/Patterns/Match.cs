using System.Collections.Immutable;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>
/// What a pattern has found in a graph so far. Immutable, so that each alternative goes on from the same.
/// </summary>
/// <param name="Values">The graph's values, by the pattern's names for them.</param>
/// <param name="Numbers">Numbers that the pattern leaves open, by its names for them.</param>
/// <param name="Places">The nodes that belong to it.</param>
internal sealed record Match(
    ImmutableDictionary<string, string> Values, ImmutableDictionary<string, double> Numbers, ImmutableHashSet<int> Places)
{
    public static Match Empty { get; } =
        new(ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, double>.Empty, []);

    /// <summary>With a value under a name; null where the name already stands for another.</summary>
    public Match? With(string name, string value) =>
        !Values.TryGetValue(name, out var bound) ? this with { Values = Values.Add(name, value) } : bound == value ? this : null;

    /// <summary>With a number under a name; null where the name already stands for another.</summary>
    public Match? With(string name, double number) =>
        !Numbers.TryGetValue(name, out var bound) ? this with { Numbers = Numbers.Add(name, number) } : bound == number ? this : null;

    /// <summary>With more nodes.</summary>
    public Match With(IEnumerable<int> places) => this with { Places = Places.Union(places) };
}
