using System.Collections.Immutable;
using Occam.Lab.Runs.Configuration;
using Occam.Measures;
using Occam.Training;

namespace Occam.Lab.Explaining;

/// <summary>Metrics that belong into one chart: the losses, the accuracies, a probe and its layers.</summary>
/// <param name="Name">The common name: <c>loss</c>, <c>accuracy</c>, or the probe's metric.</param>
/// <param name="Measure">The measure behind it; null where it is none.</param>
/// <param name="Series">The metrics by name, each in the order of its steps.</param>
public sealed record MetricFamily(string Name, Measure? Measure, ImmutableArray<KeyValuePair<string, ImmutableArray<Metric>>> Series)
{
    private static readonly string[] s_ends = ["loss", "accuracy"];

    /// <summary>The families in what a run recorded: losses and accuracies first, then probes by name.</summary>
    public static ImmutableArray<MetricFamily> Of(IEnumerable<Metric> metrics, IReadOnlyCollection<ProbeConfiguration> probes)
    {
        var series = metrics
            .GroupBy(metric => metric.Name)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        return
        [
            .. series.GroupBy(pair => FamilyOf(pair.Key, series.Keys))
                .OrderBy(group => Array.IndexOf(s_ends, group.Key) is var place and >= 0 ? place : s_ends.Length)
                    .ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new MetricFamily(
                        group.Key,
                        probes.FirstOrDefault(probe => probe.MetricName == group.Key)?.Measure,
                        [.. group.OrderBy(pair => pair.Value[0].Step)])),
        ];
    }

    // A probe's layers, and the parts of a trajectory, are named after it with a point between.
    private static string FamilyOf(string name, IEnumerable<string> names) =>
        s_ends.FirstOrDefault(end => name.EndsWith($".{end}", StringComparison.Ordinal))
        ?? names.Where(other => name.StartsWith($"{other}.", StringComparison.Ordinal)).MinBy(other => other.Length)
        ?? name;
}
