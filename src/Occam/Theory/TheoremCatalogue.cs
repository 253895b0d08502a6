using System.Collections.Immutable;

namespace Occam.Theory;

/// <summary>Every theorem, found by reflection: a new one needs no entry here.</summary>
public static class TheoremCatalogue
{
    /// <summary>All theorems, by id.</summary>
    public static ImmutableSortedDictionary<string, Theorem> All { get; } = Family.Prototypes<Theorem>()
        .ToImmutableSortedDictionary(theorem => theorem.Id, theorem => theorem, StringComparer.Ordinal);

    /// <summary>The theorem of an id.</summary>
    /// <exception cref="OccamException">There is none; the message names the nearest, and all of them.</exception>
    public static Theorem Find(string id) =>
        All.TryGetValue(id, out var theorem)
            ? theorem
            : throw new OccamException(
                $"unknown theorem '{id}'{Nearest.Hint(id, All.Keys)} There are {string.Join(", ", All.Keys)}");
}
