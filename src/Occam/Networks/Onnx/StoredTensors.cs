using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Onnx;

/// <summary>
/// The stored tensors of a file, wherever it keeps them: as initializers, in Constant nodes (where PaddlePaddle puts its weights), or
/// behind nodes that hand an initializer on as it is or dequantize it. All become initializers, each under one name, so that weights
/// are told from constants by what they are used for.
/// </summary>
internal static class StoredTensors
{
    /// <summary>
    /// What a Constant node stores, where it may be a weight, which has more than one number: single ones are the constants of a formula.
    /// </summary>
    public static Tensor? Held(Node node) =>
        node is { OperatorType: "Constant", Domain: "", Outputs.Length: 1 }
        && node.Attributes.All.GetValueOrDefault("value") is Tensor value && value.IsFloatingPoint && value.Elements > 1
            ? value
            : null;

    /// <summary>Gathers the stored tensors of a graph.</summary>
    /// <param name="nodes">The nodes in order.</param>
    /// <param name="initializers">The stored tensors that the file names.</param>
    /// <param name="floatType">The type of floating-point tensors.</param>
    /// <param name="kept">The values that must stay outputs of their nodes: the graph's outputs.</param>
    /// <returns>The nodes without those that only stored or handed on, and all stored tensors.</returns>
    public static (ImmutableArray<Node> Nodes, ImmutableDictionary<string, Tensor> Initializers) Gather(
        ImmutableArray<Node> nodes, ImmutableDictionary<string, Tensor> initializers, ScalarType floatType, IReadOnlySet<string> kept)
    {
        var stored = initializers.ToBuilder();
        var left = ImmutableArray.CreateBuilder<Node>(nodes.Length);
        Dictionary<string, string> renamed = [];
        HashSet<string> dequantized = [];
        foreach (var given in nodes)
        {
            var node = given.Inputs.Any(renamed.ContainsKey)
                ? given with { Inputs = [.. given.Inputs.Select(name => renamed.GetValueOrDefault(name, name))] }
                : given;
            if (node.Domain.Length > 0 || node.Outputs.Any(kept.Contains) || !(Hold(node) || HandOn(node) || Dequantize(node)))
            {
                left.Add(node);
            }
        }

        // What was dequantized everywhere needn't be kept twice.
        var used = left.SelectMany(node => node.Inputs).ToHashSet();
        stored.RemoveRange(dequantized.Where(name => !used.Contains(name)));
        return (left.ToImmutable(), stored.ToImmutable());

        Tensor? Stored(Node node, int input) => node.HasInput(input) ? stored.GetValueOrDefault(node.Inputs[input]) : null;

        bool Hold(Node node)
        {
            if (Held(node) is not { } value)
            {
                return false;
            }

            stored[node.Output] = value;
            return true;
        }

        bool HandOn(Node node)
        {
            var same = node.OperatorType == "Identity" || (node.OperatorType == "Cast" && Stored(node, 0)?.IsFloatingPoint == true
                && ElementTypes.IsFloatingPoint((int)Math.Clamp(node.Attributes.Int("to", 0), 0, int.MaxValue)));
            if (!same || Stored(node, 0) is null)
            {
                return false;
            }

            renamed[node.Output] = node.Inputs[0];
            return true;
        }

        bool Dequantize(Node node)
        {
            if (node.OperatorType != "DequantizeLinear" || node.Attributes.Int("block_size", 0) != 0
                || Stored(node, 0) is not { } numbers || Stored(node, 1) is not { } scale
                || (node.HasInput(2) && Stored(node, 2) is null))
            {
                return false;
            }

            using var scope = Libtorch.NewDisposeScope();
            var wide = numbers.To(ScalarType.Float64);
            if (Stored(node, 2) is { } zero)
            {
                wide -= Along(zero.To(ScalarType.Float64));
            }

            stored[node.Output] = (wide * Along(scale.To(ScalarType.Float64))).To(floatType).Alias().DetachFromDisposeScope();
            dequantized.UnionWith(node.Inputs.Where(name => name.Length > 0));
            return true;

            // One number for all, or one for each index of an axis.
            Tensor Along(Tensor factors)
            {
                if (factors.Elements == 1)
                {
                    return factors.Reshape([]);
                }

                var axis = node.Attributes.Int("axis", 1);
                axis = axis < 0 ? axis + numbers.Dimensions : axis;
                return axis < 0 || axis >= numbers.Dimensions
                    ? throw new OccamException($"{node} names axis {axis} of a tensor with {numbers.Dimensions} dimensions")
                    : factors.Dimensions == 1 && factors.Elements == numbers.Shape[axis]
                    ? factors.Reshape([-1, .. Enumerable.Repeat(1L, numbers.Dimensions - (int)axis - 1)])
                    : throw new OccamException($"{node} has {factors.Elements} scales or zero points along axis {axis} of size "
                        + $"{numbers.Shape[axis]}: expected as many, or one");
            }
        }
    }
}
