using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>What an operator sees when its node is run.</summary>
/// <param name="Node">The node.</param>
/// <param name="Inputs">The node's inputs; null where an optional one is left out.</param>
/// <param name="Opset">The version of the operator set that the graph was written for.</param>
/// <param name="FloatType">The type that the network computes in: what a cast to any floating-point type gives.</param>
/// <param name="Device">Where floating-point tensors are; whole numbers (shapes, indices) stay on the CPU.</param>
/// <param name="Varying">The values of the graph that change with its input.</param>
/// <param name="Training">Training mode: dropout drops, batch normalization takes the batch's statistics.</param>
/// <param name="Generator">Where random numbers come from, in training mode.</param>
/// <param name="DropoutAfterForward">Whether dropout leaves the forward pass alone and stops gradients only.</param>
internal readonly record struct NodeCall(
    Node Node,
    Tensor?[] Inputs,
    int Opset,
    ScalarType FloatType,
    Device Device,
    ImmutableHashSet<string> Varying,
    bool Training,
    Generator? Generator,
    bool DropoutAfterForward = false)
{
    /// <summary>Whether the network's tensors are so large that a second copy of them would count for memory.</summary>
    internal bool IsOfLargeNetwork { get; init; }

    /// <summary>The input of that index.</summary>
    /// <exception cref="OccamException">The node leaves it out.</exception>
    public Tensor this[int index] =>
        Optional(index) ?? throw new OccamException($"{Node} needs its input {index}, which the model leaves out");

    /// <summary>The node's attributes.</summary>
    public Attributes Attributes => Node.Attributes;

    /// <summary>The input of that index, or null when it is left out.</summary>
    public Tensor? Optional(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>Whether the input of that index is given and changes with the network's input.</summary>
    public bool Varies(int index) => Node.HasInput(index) && Varying.Contains(Node.Inputs[index]);

    /// <summary>A list of whole numbers that stands in an attribute in old operator sets and in an input in new ones.</summary>
    public long[]? Integers(int index, string attribute) =>
        Optional(index)?.ToArray<long>() ?? Attributes.Ints(attribute);
}
