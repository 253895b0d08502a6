using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Operators;
using Occam.Torch;

namespace Occam.Measures.Transfer;

/// <summary>A layer z = W h(x) + b of a network.</summary>
/// <param name="Node">The node that multiplies by W.</param>
/// <param name="Input">The name of the value h.</param>
/// <param name="Norm">σ_max of h ↦ W h: exact for a dense layer, otherwise at its input size, not below it.</param>
/// <param name="IsDense">Whether W is a matrix that is applied once to an example.</param>
/// <param name="HasBias">Whether a parameter b of as many numbers as z is added.</param>
/// <param name="IsBottleneck">Whether the output sees the input through z only.</param>
internal sealed record TransferLayer(Node Node, string Input, double Norm, bool IsDense, bool HasBias, bool IsBottleneck)
{
    /// <summary>The layers with weights that train, from the input on, and what couldn't be taken for one.</summary>
    /// <param name="network">The network, at an example's values of the inputs that are held.</param>
    /// <param name="shape">Batch × example: a batch of one where the network takes one.</param>
    public static (ImmutableArray<TransferLayer> Layers, ImmutableArray<SkippedNode> Skipped) Of(Network network, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var zeros = Tensor.Zeros(shape, network.Type, network.Device);
        var values = new Dictionary<string, Tensor>(
            network.Run(zeros, [.. network.Graph.Varying.Except(network.Graph.Inputs.Select(input => input.Name))]))
        { [network.Graph.Input.Name] = zeros };
        var weights = network.Parameters
            .Where(parameter => parameter.Value.Dimensions > 1 && !network.Operators[parameter.Node].IsBias(parameter.Input))
            .Select(parameter => parameter.Name).ToHashSet();
        var (layers, skipped) = (ImmutableArray.CreateBuilder<TransferLayer>(), ImmutableArray.CreateBuilder<SkippedNode>());
        var computed = ComputedFrom(network, weights);
        foreach (var node in network.ActiveNodes.Where(node => node.Outputs.Any(network.DependsOnData.Contains)))
        {
            if (!node.Inputs.Any(weights.Contains))
            {
                skipped.AddRange(node.Inputs
                    .Where((name, i) => computed.ContainsKey(name) && !network.Operators[node].IsOffset(i))
                    .Select(name => new SkippedNode(node.Name, $"takes a weight that is computed from '{computed[name]}'"))
                    .Take(1));
                continue;
            }

            int[] varying = [.. Enumerable.Range(0, node.Inputs.Length).Where(i => network.Graph.Varying.Contains(node.Inputs[i]))];
            if (varying is not [var at] || network.LinearityOf(node) is not (Linearity.Affine or Linearity.Multilinear))
            {
                skipped.Add(new SkippedNode(node.Name, "isn't a linear map of one value"));
                continue;
            }

            // Of sequences that stand first, or of examples and positions in one dimension, a row is no example.
            if (!CountsExamples(values[node.Inputs[at]]) || !CountsExamples(values[node.Output]))
            {
                skipped.Add(new SkippedNode(node.Name, "doesn't have the examples in the first dimension of its data"));
                continue;
            }

            var matrix = network.Operators[node].DenseWeight(node, network.Constant);
            var isDense = matrix is not null
                && at == 0
                && values[node.Inputs[at]].Dimensions == 2
                && IsWeightItself(matrix, network.Graph.Initializers[node.Inputs.First(weights.Contains)]);
            var norm = isDense ? SpectralNorm.Largest(matrix!) : NormOf(network, network.Call(node, values), at);
            layers.Add(new TransferLayer(
                node, node.Inputs[at], norm, isDense, HasOwnBias(network, node, values[node.Output]), Separates(network, node)));
        }

        return (layers.ToImmutable(), skipped.ToImmutable());

        bool CountsExamples(Tensor value) => value.Dimensions > 0 && value.Size(0) == shape[0];
    }

    // Constants that aren't stored but computed, by name, with a weight that they are computed from.
    private static Dictionary<string, string> ComputedFrom(Network network, IReadOnlySet<string> weights)
    {
        var computed = new Dictionary<string, string>();
        foreach (var node in network.Graph.Nodes.Where(
            node => network.Operators[node].ReadsValues && !node.Outputs.Any(network.Graph.Varying.Contains)))
        {
            if (node.Inputs.Select(name => weights.Contains(name) ? name : computed.GetValueOrDefault(name))
                .FirstOrDefault(name => name is not null) is { } source)
            {
                node.Outputs.ToList().ForEach(name => computed[name] = source);
            }
        }

        return computed;
    }

    // A node that scales its weight passes the scale on to the weight's gradient, and is no layer W h + b.
    private static bool IsWeightItself(Tensor matrix, Tensor weight) =>
        Math.Abs(matrix.Norm().Item() - weight.Norm().Item()) <= 1e-6 * weight.Norm().Item();

    private static double NormOf(Network network, NodeCall call, int varying)
    {
        var input = call.Inputs[varying]!;
        Tensor Run(Tensor x)
        {
            var inputs = (Tensor?[])call.Inputs.Clone();
            inputs[varying] = x;
            return network.Operators[call.Node].Run(network.Call(call.Node, inputs, RunOptions.Evaluation))[0];
        }

        var offset = Run(Tensor.ZerosLike(input)).Detach();
        return OperatorNorm.Of(x => Run(x) - offset, input.Shape, input.ScalarType).UpperBound;
    }

    // In the node itself, or in the one node that takes z.
    private static bool HasOwnBias(Network network, Node node, Tensor z)
    {
        bool Adds(Node candidate) => Enumerable.Range(0, candidate.Inputs.Length).Any(i =>
            network.Operators[candidate].IsBias(i) && network.Graph.Initializers.TryGetValue(candidate.Inputs[i], out var bias)
            && network.Parameters.Any(parameter => parameter.Name == candidate.Inputs[i]) && bias.Elements == z.Elements / z.Size(0));
        return Adds(node)
            || (node.Output != network.Output && network.Graph.Consumers[node.Output].ToArray() is [var next]
                && network.Operators[next].IsBias(next.Inputs.IndexOf(node.Output)) && Adds(next));
    }

    private static bool Separates(Network network, Node node)
    {
        var reached = new HashSet<string> { network.Graph.Input.Name };
        foreach (var other in network.Graph.Nodes.Where(
            other => network.Operators[other].ReadsValues && !NodeIdentity.Comparer.Equals(other, node)
                && other.Inputs.Any(reached.Contains)))
        {
            reached.UnionWith(other.Outputs.Where(name => name.Length > 0));
        }

        return !reached.Contains(network.Output);
    }
}
