namespace Occam.Lab.Experiments.Beyond;

/// <summary>How well a score by example finds wrong labels.</summary>
/// <param name="Score">The score.</param>
/// <param name="Area">
/// The probability that an example whose label is wrong has a higher one than an example whose label is right.
/// </param>
/// <param name="StandardError">Its error over other examples.</param>
internal sealed record NoiseAuditArea(string Score, double Area, double StandardError);
