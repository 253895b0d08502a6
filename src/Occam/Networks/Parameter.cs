using Occam.Torch;

namespace Occam.Networks;

/// <summary>A stored tensor that training changes.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Value">Its value.</param>
/// <param name="Node">The first node that uses it.</param>
/// <param name="Input">As which input.</param>
public sealed record Parameter(string Name, Tensor Value, Node Node, int Input);
