using System.Collections.Immutable;

namespace Occam.Measures.Sharpness;

/// <summary>Where an ascent of the loss ended.</summary>
/// <param name="Loss">The mean loss over all data there.</param>
/// <param name="Error">The share of errors there.</param>
/// <param name="OnFaces">The share of the weights that lie at the limit of the box.</param>
/// <param name="Trace">The mean of the mini-batches' losses over each part of the ascent, by the part's last step.</param>
internal sealed record AscentEnd(double Loss, double Error, double OnFaces, ImmutableArray<(int Step, double Loss)> Trace);
