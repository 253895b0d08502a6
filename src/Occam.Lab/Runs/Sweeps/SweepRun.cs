using System.Collections.Immutable;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>One run of a sweep.</summary>
/// <param name="Name">The name of its folder within the sweep's.</param>
/// <param name="Settings">The value of each swept key, in the sweep's order, as <c>--set</c> takes it.</param>
/// <param name="Seed">The seed; the base's own when null.</param>
public sealed record SweepRun(string Name, ImmutableArray<KeyValuePair<string, string>> Settings, int? Seed)
{
    /// <summary>What sets it apart, in a line.</summary>
    public string Description =>
        string.Join(
            ", ", [.. Settings.Select(setting => $"{setting.Key} {setting.Value}"), .. Seed is { } seed ? new[] { $"seed {seed}" } : []]);
}
