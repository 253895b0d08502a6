using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Contract;

/// <summary>Every experiment, found by reflection: a new one needs no entry here.</summary>
public static class ExperimentCatalogue
{
    /// <summary>All experiments, by id.</summary>
    public static ImmutableSortedDictionary<string, Experiment> All { get; } = Family.Prototypes<Experiment>()
        .ToImmutableSortedDictionary(experiment => experiment.Id, experiment => experiment, StringComparer.Ordinal);

    /// <summary>The experiment of an id.</summary>
    /// <exception cref="OccamException">There is none; the message names the nearest, and where to find all.</exception>
    public static Experiment Find(string id) =>
        All.TryGetValue(id, out var experiment)
            ? experiment
            : throw new OccamException(
                $"unknown experiment '{id}'{Nearest.Hint(id, All.Keys)} 'occam reproduce --list' shows all {All.Count}");
}
