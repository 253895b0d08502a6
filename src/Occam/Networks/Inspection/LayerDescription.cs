using System.Collections.Immutable;

namespace Occam.Networks.Inspection;

/// <summary>One node of a network, for people to read.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="OutputShape">The sizes of its first output for one example, without the batch dimension; default where the input's shape
/// isn't known.</param>
/// <param name="Parameters">How many numbers are trained in it. What several nodes share counts at the first.</param>
/// <param name="Linearity">How it bends as a function of the network's input.</param>
public sealed record LayerDescription(string Name, string Operator, ImmutableArray<long> OutputShape, long Parameters, Linearity Linearity);
