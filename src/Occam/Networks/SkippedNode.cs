namespace Occam.Networks;

/// <summary>A node that a measure left out.</summary>
public sealed record SkippedNode(string Node, string Why);
