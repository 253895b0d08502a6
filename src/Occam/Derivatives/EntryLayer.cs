using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The layer z_1 = W_1 x + b_1 that a network begins with: where ∇_x f = W_1ᵀ ∂f/∂b_1, because ∂f/∂b_1 = ∂f/∂z_1.
/// </summary>
internal sealed class EntryLayer
{
    private readonly Network _network;
    private readonly string _output;

    private EntryLayer(Network network, FirstWeights weights, string output, Tensor? weight)
    {
        _network = network;
        _output = output;
        (Largest, Smallest) = (weights.Largest, weights.Smallest);
        Weight = weight;
    }

    /// <summary>σ_1(W_1).</summary>
    public double Largest { get; }

    /// <summary>The smallest ‖W_1ᵀ v‖ over unit v in R^{n_1}: 0 with more units than inputs.</summary>
    public double Smallest { get; }

    /// <summary>W_1, units × inputs; null where it is the identity.</summary>
    public Tensor? Weight { get; }

    /// <summary>The first layer of a network; null where it begins with no such layer, or the input goes around it.</summary>
    public static EntryLayer? Of(Network network)
    {
        if (FirstWeights.Of(network) is not { } weights)
        {
            return null;
        }

        using var grad = Libtorch.NoGrad();
        var node = network.ActiveNodes.First(node => node.Inputs.Contains(weights.Bias));
        if (GoesAround(network, node.Output))
        {
            return null;
        }

        var dense = network.Operators[node].DenseWeight(node, network.Constant)
            ?? node.Inputs.Select(name => network.Graph.Producers.TryGetValue(name, out var before)
                ? network.Operators[before].DenseWeight(before, network.Constant)
                : null).FirstOrDefault(found => found is not null);
        return new EntryLayer(network, weights, node.Output, weights.Weight is null ? null : dense!.Contiguous().DetachFromDisposeScope());
    }

    /// <summary>z_1 of a batch.</summary>
    public Tensor Output(Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        return _network.Run(x, [_output])[_output];
    }

    /// <summary>The network's one output from z_1: a number an example.</summary>
    public Tensor Rest(Tensor z) =>
        _network.Run(new Dictionary<string, Tensor> { [_output] = z }, [_network.Output])[_network.Output].Reshape(-1);

    /// <summary>∂f/∂b_1 of each example for one output: batch × n_1.</summary>
    public Tensor BiasGradients(Tensor x)
    {
        using var grad = Libtorch.EnableGrad();
        var z = Output(x).Detach().RequireGrad();
        var f = Rest(z);
        return (f.RequiresGrad ? Autograd.Grad(f.Sum(), z) : Tensor.ZerosLike(z)).Flatten(1);
    }

    // Whether the output also depends on the input by another way than through a value.
    private static bool GoesAround(Network network, string value)
    {
        var reached = new HashSet<string> { network.Graph.Input.Name };
        foreach (var node in network.ActiveNodes.Where(node => network.Operators[node].ReadsValues && node.Inputs.Any(reached.Contains)))
        {
            reached.UnionWith(node.Outputs.Where(name => name != value));
        }

        return reached.Contains(network.Output);
    }
}
