using System.Collections.Immutable;

namespace Occam.Measures.Graphs;

/// <summary>An integral over the feature polytope.</summary>
/// <param name="Quantity">The integral.</param>
/// <param name="Volume">The polytope's volume.</param>
/// <param name="Pieces">Over how many linear pieces it was taken; 0 where not by pieces.</param>
/// <param name="Notes">How it was taken.</param>
internal sealed record Integral(Uncertain Quantity, double Volume, int Pieces, ImmutableArray<string> Notes)
{
    /// <summary>The integral without its error.</summary>
    public double Value => Quantity.Value;
}
