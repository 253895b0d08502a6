using System.Collections.Immutable;

namespace Occam.Lab.Auditing;

/// <summary>A number by example that is the higher, the more an example stands out.</summary>
/// <param name="Name">The measure's name; with a minus before it where low values stand out.</param>
/// <param name="Title">The measure's title.</param>
/// <param name="Values">The numbers, in the order of the data.</param>
/// <param name="AreaUnderCurve">
/// How well it tells the mislabelled examples from the others, where they are known: the probability that one of them has a higher score
/// than one of the others, with its standard error over other examples; null where they aren't.
/// </param>
public sealed record AuditScore(string Name, string Title, ImmutableArray<double> Values, Uncertain? AreaUnderCurve)
{
    /// <summary>The place of each example among all, 1 for the highest.</summary>
    public ImmutableArray<int> Places
    {
        get
        {
            var places = new int[Values.Length];
            foreach (var (place, example) in Enumerable.Range(0, Values.Length).OrderByDescending(i => Values[i]).Index())
            {
                places[example] = place + 1;
            }

            return [.. places];
        }
    }
}
