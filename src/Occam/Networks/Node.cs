using System.Collections.Immutable;

namespace Occam.Networks;

/// <summary>
/// One operation of a graph: an operator's name, the values that go in (an empty name stands for an
/// optional input left out) and those that come out.
/// </summary>
public sealed record Node(
    string Name,
    string OperatorType,
    string Domain,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    Attributes Attributes)
{
    /// <summary>The first output.</summary>
    public string Output => Outputs[0];

    /// <summary>Whether the input of that index is given.</summary>
    public bool HasInput(int index) => index < Inputs.Length && Inputs[index].Length > 0;

    /// <summary>The operator and the node's name, for messages.</summary>
    public override string ToString() => $"{OperatorType} '{Name}'";
}
