using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// W_1 of W_1 x + b_1 as Theorem 1 of Loukas et al. 2021 needs it: its largest singular value, and the smallest of
/// v ↦ W_1ᵀ v on R^{n_1}, which is 0 where there are more units than inputs.
/// </summary>
/// <param name="Bias">The name of b_1.</param>
/// <param name="Weight">The name of W_1; null where the first layer is x + b_1, and W_1 the identity.</param>
/// <param name="Largest">σ_1(W_1).</param>
/// <param name="Smallest">The smallest ‖W_1ᵀv‖ over unit v.</param>
public sealed record FirstWeights(string Bias, string? Weight, double Largest, double Smallest)
{
    /// <summary>The first layer of a network.</summary>
    /// <returns>Null where the first bias doesn't follow the input by one dense layer or by none.</returns>
    public static FirstWeights? Of(Network network)
    {
        foreach (var node in network.ActiveNodes)
        {
            var parameters = network.Parameters.Select(parameter => parameter.Name).ToImmutableHashSet();
            var at = Enumerable
                .Range(0, node.Inputs.Length)
                .FirstOrDefault(i => parameters.Contains(node.Inputs[i]) && network.Operators[node].IsBias(i), -1);
            if (at < 0)
            {
                continue;
            }

            var input = network.Graph.Input.Name;
            if (DenseName(network, node) is { } own)
            {
                return ReachesInput(network, node.Inputs[0], input) ? WithWeight(network, node.Inputs[at], node, own) : null;
            }

            if (at > 1)
            {
                // A convolution's: shared between places.
                return null;
            }

            var data = node.Inputs[1 - at];
            if (ReachesInput(network, data, input))
            {
                return new FirstWeights(node.Inputs[at], null, 1, 1);
            }

            return network.Graph.Producers.TryGetValue(data, out var product)
                && DenseName(network, product) is { } before
                && ReachesInput(network, product.Inputs[0], input)
                ? WithWeight(network, node.Inputs[at], product, before)
                : null;
        }

        return null;
    }

    private static string? DenseName(Network network, Node node) =>
        network.Operators[node].DenseWeight(node, network.Constant) is null ? null : node.Inputs.FirstOrDefault(
            name => network.Parameters.Any(parameter => parameter.Name == name && parameter.Value.Dimensions == 2));

    private static FirstWeights? WithWeight(Network network, string bias, Node node, string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var weight = network.Operators[node].DenseWeight(node, network.Constant)!.To(ScalarType.Float64).To(Device.Cpu).Contiguous();
        var (units, inputs) = ((int)weight.Size(0), (int)weight.Size(1));
        if (units == inputs && (weight - Tensor.Eye(units, ScalarType.Float64)).Abs().Sum().Item() == 0)
        {
            return new FirstWeights(bias, name, 1, 1);
        }

        var singular = weight.SingularValues().ToArray<double>();
        return new FirstWeights(bias, name, singular.Max(), units > inputs ? 0 : singular.Min());
    }

    // Through nodes that only arrange numbers, such as a flattening.
    private static bool ReachesInput(Network network, string value, string input) =>
        value == input
        || (network.Graph.Producers.TryGetValue(value, out var node)
            && network.Operators[node].KeepsNumbersInOrder(node)
            && ReachesInput(network, node.Inputs[0], input));
}
