namespace Occam.Theory;

/// <summary>How theorems are checked.</summary>
/// <param name="Delta">The probability δ with which a bound may fail.</param>
/// <param name="Draws">Random perturbations of the weights, at least 2.</param>
public sealed record TheoryOptions(double Delta = 0.05, int Draws = 1000);
