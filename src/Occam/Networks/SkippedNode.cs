namespace Occam.Networks;

/// <summary>A node that a measure left out.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Why">Why.</param>
public sealed record SkippedNode(string Node, string Why);
