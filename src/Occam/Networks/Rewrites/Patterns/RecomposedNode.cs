namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A node that stands for several of the file.</summary>
/// <param name="Node">Its name, that of the last of them.</param>
/// <param name="One">What it is, such as a GELU.</param>
/// <param name="Several">What several of the kind are called.</param>
internal sealed record RecomposedNode(string Node, string One, string Several);
