using System.Collections.Immutable;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// The experimental operators of the first versions of ONNX that converters wrote (from Core ML and Caffe2, among others), as
/// operators that took their place.
/// </summary>
internal static class RetiredOperators
{
    /// <summary>The nodes that compute what a retired operator computes; null for any other.</summary>
    /// <param name="node">The node.</param>
    /// <param name="store">Stores a tensor for a node, and gives its name.</param>
    public static Node[]? Replace(Node node, Func<Node, string, Tensor, string> store)
    {
        var attributes = node.Attributes;
        Tensor Number(string name, double fallback) => Tensor.Full([], attributes.Float(name, fallback));
        return node.OperatorType switch
        {
            "Scale" => Chain(("Mul", Number("scale", 1))),
            "Affine" => Chain(("Mul", Number("alpha", 1)), ("Add", Number("beta", 0))),
            "ImageScaler" => Chain(("Mul", Number("scale", 1)), ("Add", ByChannel(attributes.Floats("bias") ?? [0]))),
            "ScaledTanh" => Chain(("Mul", Number("beta", 1)), ("Tanh", null), ("Mul", Number("alpha", 1))),
            "ParametricSoftplus" => Chain(("Mul", Number("beta", 1)), ("Softplus", null), ("Mul", Number("alpha", 1))),
            "ConstantFill" => [Filled(node)],
            _ => null,
        };

        // Each step takes the value of the one before; the last gives the node's own.
        Node[] Chain(params (string Type, Tensor? Constant)[] steps)
        {
            var nodes = new Node[steps.Length];
            var value = node.HasInput(0) ? node.Inputs[0] : throw new OccamException($"{node} has no input 0");
            for (var i = 0; i < steps.Length; i++)
            {
                var (type, constant) = steps[i];
                ImmutableArray<string> inputs = constant is null ? [value] : [value, store(node, $"{i}", constant)];
                value = i == steps.Length - 1 ? node.Output : $"{node.Output}.{i}";
                nodes[i] = new Node(i == 0 ? node.Name : $"{node.Name}.{i}", type, "", inputs, [value], Attributes.None);
            }

            return nodes;
        }
    }

    // One number in a shape that is computed.
    private static Node Filled(Node node)
    {
        var attributes = node.Attributes;
        if (!node.HasInput(0) || attributes.Int("input_as_shape", 0) == 0 || attributes.Has("extra_shape"))
        {
            throw new OccamException($"{node} takes its shape from its input's shape or an attribute: Occam reads it where the input "
                + "holds the sizes (input_as_shape = 1)");
        }

        using var scope = Libtorch.NewDisposeScope();
        var type = ElementTypes.Stored((int)attributes.Int("dtype", (long)DataType.Float))
            ?? throw new OccamException($"{node} has the dtype {attributes.Int("dtype", 0)}: expected a type of numbers or truth values");
        var value = Tensor.Full([1], attributes.Float("value", 0), ScalarType.Float64).To(type).Alias().DetachFromDisposeScope();
        return node with { OperatorType = "ConstantOfShape", Attributes = Attributes.Of(("value", value)) };
    }

    private static Tensor ByChannel(double[] numbers) => Tensor.FromArray(Array.ConvertAll(numbers, x => (float)x), numbers.Length, 1, 1);
}
