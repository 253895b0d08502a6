namespace Occam.Networks.Rewrites;

/// <summary>A batch normalization that went into other nodes.</summary>
/// <param name="Node">The normalization's name.</param>
/// <param name="Into">The node or nodes that took it in.</param>
public sealed record FoldedNode(string Node, string Into);
