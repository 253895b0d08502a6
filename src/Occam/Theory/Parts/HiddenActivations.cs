using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Which hidden units of a ReLU network are on, layer by layer: diag(S_l(x)) of Loukas et al. 2021, §3.1, for networks that
/// are one chain of layers with ReLU between, in which every path from input to output goes through one unit of each.
/// </summary>
internal sealed class HiddenActivations
{
    private readonly Network _network;
    private readonly ImmutableArray<Node> _rectifiers;

    private HiddenActivations(Network network, ImmutableArray<Node> rectifiers)
    {
        _network = network;
        _rectifiers = rectifiers;
    }

    /// <summary>Why a network isn't such a chain; null when it is.</summary>
    public static string? Problem(Network network)
    {
        foreach (var node in network.ActiveNodes)
        {
            if (network.LinearityOf(node) is Linearity.PiecewiseAffine or Linearity.Curved or Linearity.Step
                && !network.Operators[node].IsRectifier)
            {
                return $"is stated for ReLU activations, and {node} is another";
            }

            if (node.Inputs.Count(network.DependsOnData.Contains) > 1)
            {
                return $"is stated for layers in a row, and at {node} two ways meet";
            }
        }

        return null;
    }

    /// <summary>The activations of a network that <see cref="Problem"/> doesn't refuse.</summary>
    public static HiddenActivations Of(Network network) =>
        new(network, [.. network.ActiveNodes.Where(node => network.LinearityOf(node) == Linearity.PiecewiseAffine)]);

    /// <summary>The number of hidden layers.</summary>
    public int Layers => _rectifiers.Length;

    /// <summary>For each hidden layer, which units are on: example by example, unit by unit.</summary>
    public bool[][] At(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        string[] names = [.. _rectifiers.Select(node => node.Inputs[0]).Distinct()];
        var values = names.Length > 0 ? _network.Run(x, names) : new Dictionary<string, Tensor>();
        return [.. _rectifiers.Select(node => values[node.Inputs[0]].GreaterThan(0).Contiguous().ToArray<bool>())];
    }
}
