using System.Collections.Immutable;

namespace Occam.Measures;

/// <summary>Every measure, found by reflection: a new one needs no entry here.</summary>
public static class MeasureCatalogue
{
    /// <summary>All measures by id, their parameters at the defaults.</summary>
    public static ImmutableSortedDictionary<string, Measure> All { get; } = Family.Prototypes<Measure>()
        .ToImmutableSortedDictionary(measure => measure.Id, measure => measure, StringComparer.Ordinal);

    /// <summary>The measure of an id, its parameters at the defaults.</summary>
    /// <exception cref="OccamException">There is none; the message names the nearest, and where to find all.</exception>
    public static Measure Find(string id) =>
        All.TryGetValue(id, out var measure)
            ? measure
            : throw new OccamException(
                $"unknown measure '{id}'{Nearest.Hint(id, All.Keys)} '{Measure.Catalogue}' lists all {All.Count}");
}
