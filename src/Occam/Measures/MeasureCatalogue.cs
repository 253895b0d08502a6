using System.Collections.Immutable;

namespace Occam.Measures;

/// <summary>Every measure, found by reflection: a new one needs no entry here.</summary>
public static class MeasureCatalogue
{
    /// <summary>All measures, by id.</summary>
    public static ImmutableSortedDictionary<string, Measure> All { get; } = typeof(Measure).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Measure)) && !type.IsAbstract)
        .Select(type => (Measure)Activator.CreateInstance(type)!)
        .ToImmutableSortedDictionary(measure => measure.Id, measure => measure, StringComparer.Ordinal);

    /// <summary>The measure of an id.</summary>
    /// <exception cref="OccamException">There is none; the message names the nearest, and where to find all.</exception>
    public static Measure Find(string id) =>
        All.TryGetValue(id, out var measure)
            ? measure
            : throw new OccamException($"unknown measure '{id}': did you mean '{Nearest.Of(id, All.Keys)}'? 'occam measures' lists all {All.Count}");
}
