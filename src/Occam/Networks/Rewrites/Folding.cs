using System.Collections.Immutable;

namespace Occam.Networks.Rewrites;

/// <summary>What folding batch normalization gave.</summary>
/// <param name="Network">The new network.</param>
/// <param name="Folded">The normalizations that are gone.</param>
/// <param name="Left">Those that stayed, and why.</param>
public sealed record Folding(Network Network, ImmutableArray<FoldedNode> Folded, ImmutableArray<NotFolded> Left)
{
    /// <summary>What measures of the weights note of it: nothing where nothing was folded.</summary>
    internal ImmutableArray<string> NotesOnWeights =>
        Folded.IsEmpty ? [] : ["the weights are those of the network with batch normalization folded into them"];
}
