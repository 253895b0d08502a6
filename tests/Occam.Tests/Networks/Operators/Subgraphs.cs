using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Networks.Operators;

/// <summary>Graphs inside nodes.</summary>
internal static class Subgraphs
{
    /// <summary>A graph of float64 of nodes without attributes.</summary>
    /// <param name="outputs">Its outputs' names.</param>
    /// <param name="handed">How many inputs the node hands over.</param>
    /// <param name="capturedAt">The index of the node's input that is the first captured value.</param>
    /// <param name="inputs">The names of its inputs, those captured last; <c>round</c> counts, <c>go</c> is a truth value.</param>
    /// <param name="nodes">Operators with the names of inputs, and of an output.</param>
    public static Subgraph Of(
        string[] outputs, int handed, int capturedAt, string[] inputs, params (string Type, string Inputs, string Output)[] nodes) => new(
        new Graph
        {
            Opset = 17,
            Input = Value(inputs[0]),
            Held = [.. inputs[1..].Select(Value)],
            Outputs = [.. outputs.Select(Value)],
            Nodes =
            [
                .. nodes.Select(node => new Node(
                    $"{node.Output}_node", node.Type, "", [.. node.Inputs.Split(' ')], [node.Output], Attributes.None)),
            ],
            Initializers = ImmutableDictionary<string, Tensor>.Empty,
        },
        handed, capturedAt);

    private static ValueInfo Value(string name) => name switch
    {
        "round" => new(name, ScalarType.Int64, []),
        "go" or "on" => new(name, ScalarType.Bool, []),
        _ => new(name, ScalarType.Float64, default),
    };
}
