namespace Occam.Networks.Rewrites;

/// <summary>A batch normalization that stayed.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Why">Why, as the end of a sentence about it.</param>
public sealed record NotFolded(string Node, string Why);
