namespace Occam.Lab.Auditing;

/// <summary>Two examples whose inputs are nearly the same.</summary>
/// <param name="First">The number of one in the data.</param>
/// <param name="Second">That of the other, which is larger.</param>
/// <param name="Distance">
/// The Euclidean distance of their inputs over the data's spread, the root of the mean squared distance from their mean; 0 where they are
/// equal.
/// </param>
/// <param name="SameAnswer">Whether their labels, or real targets, are equal; null where there are none.</param>
public sealed record DuplicatePair(int First, int Second, double Distance, bool? SameAnswer);
