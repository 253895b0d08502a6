using System.Collections.Immutable;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>What putting functions together again gave.</summary>
/// <param name="Network">The new network; the old one where nothing was found.</param>
/// <param name="Nodes">The nodes that stand for several, in order.</param>
internal sealed record Recomposition(Network Network, ImmutableArray<RecomposedNode> Nodes)
{
    /// <summary>What was put together, as a line for people; null for nothing.</summary>
    public string? Note
    {
        get
        {
            string[] kinds =
            [
                .. Nodes.GroupBy(node => (node.One, node.Several))
                    .Select(kind => $"{kind.Count():N0} {(kind.Count() == 1 ? kind.Key.One : kind.Key.Several)}"),
            ];
            return kinds.Length == 0 ? null
                : $"{(kinds.Length == 1 ? kinds[0] : $"{string.Join(", ", kinds[..^1])} and {kinds[^1]}")} "
                    + $"{(Nodes.Length == 1 ? "was" : "were")} put together again from the nodes that the export made of them";
        }
    }
}
