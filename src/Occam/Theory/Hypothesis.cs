namespace Occam.Theory;

/// <summary>A hypothesis of a theorem, as it was found.</summary>
/// <param name="Name">What the theorem asks for.</param>
/// <param name="Holds">Whether it was found to hold; null where it can't be decided from what there is.</param>
/// <param name="Finding">What was measured.</param>
public sealed record Hypothesis(string Name, bool? Holds, string Finding);
