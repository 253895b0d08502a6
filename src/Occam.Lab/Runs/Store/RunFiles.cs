using System.Collections.Immutable;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// What the files of a run were at its last checkpoint, by which files that are gone, cut short or another run's are noticed.
/// </summary>
/// <param name="Checkpoint">The digest that the last checkpoint carries; empty where there is none.</param>
/// <param name="Networks">The digests that <c>network.onnx</c> and <c>best.onnx</c> carry, by the file's name.</param>
/// <param name="Rows">How many rows of metrics there were.</param>
/// <param name="Metrics">The digest of those rows.</param>
public sealed record RunFiles(string Checkpoint, ImmutableSortedDictionary<string, string> Networks, long Rows, string Metrics)
{
    /// <summary>The digests that <c>network.onnx</c> and <c>best.onnx</c> carry, by the file's name.</summary>
    public ImmutableSortedDictionary<string, string> Networks { get; init; } = Networks ?? ImmutableSortedDictionary<string, string>.Empty;
}
