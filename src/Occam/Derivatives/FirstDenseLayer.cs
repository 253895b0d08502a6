using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The dense layer that a network's input goes straight into, z = W x + b, if there is one and everything
/// else sees the input only through it.
/// </summary>
internal sealed class FirstDenseLayer
{
    private readonly Network _network;
    private readonly Tensor? _cholesky;
    private readonly string _output;

    private FirstDenseLayer(Network network, string output, Tensor weight, Tensor? cholesky)
    {
        _network = network;
        _output = output;
        Weight = weight;
        _cholesky = cholesky;
    }

    /// <summary>The same layer of the same graph at other values of its further inputs.</summary>
    public FirstDenseLayer Of(Network network) => new(network, _output, Weight, _cholesky);

    /// <summary>W as units × inputs.</summary>
    public Tensor Weight { get; }

    /// <summary>L of the Cholesky factorization W Wᵀ = L Lᵀ; null where W has no fewer units than inputs, or none.</summary>
    public Tensor? Cholesky => _cholesky;

    /// <summary>
    /// Rows (n × units) multiplied by a matrix F with F Fᵀ = W Wᵀ and as few columns as possible: L of the
    /// Cholesky factorization, or W. (Sparing the products with L's zeros in blocks gains nothing: the BLAS is as much
    /// slower on the narrower matrices.)
    /// </summary>
    public Tensor TimesFactor(Tensor rows) => rows.MatMul(_cholesky ?? Weight);

    public static FirstDenseLayer? Of(Network network, long inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var graph = network.Graph;
        var value = graph.Input.Name;
        while (value != network.Output
            && graph.Consumers[value].ToArray() is [var node]
            && graph.Outputs.All(output => output.Name != value))
        {
            // The data must come in as what the layer multiplies and as nothing else (Gemm adds another input).
            if (node.Inputs[0] != value || node.Inputs.Count(name => name == value) > 1)
            {
                return null;
            }

            if (network.Operators[node].DenseWeight(node, network.Constant) is { } weight && weight.Size(1) == inputs)
            {
                if (node.Output == network.Output)
                {
                    return null;
                }

                var own = weight.Contiguous().DetachFromDisposeScope();
                return new FirstDenseLayer(network, node.Output, own, CholeskyFactor(own));
            }

            // A flattening or renaming on the way keeps the numbers and their order; anything else ends the search.
            if (!network.Operators[node].KeepsNumbersInOrder(node))
            {
                return null;
            }

            value = node.Output;
        }

        return null;
    }

    /// <summary>z for a batch of inputs.</summary>
    public Tensor Output(Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        return _network.Run(x, [_output])[_output];
    }

    /// <summary>The network's output from z.</summary>
    public Tensor Rest(Tensor z) => _network.Run(Given(z), [_network.Output])[_network.Output].AsRows();

    /// <summary>What the rest of the network is run from.</summary>
    public Dictionary<string, Tensor> Given(Tensor z) => new() { [_output] = z };

    private static Tensor? CholeskyFactor(Tensor weight)
    {
        if (weight.Size(0) >= weight.Size(1))
        {
            return null;
        }

        try
        {
            var wide = weight.To(ScalarType.Float64);
            return wide.MatMul(wide.T()).Cholesky().To(weight.ScalarType).DetachFromDisposeScope();
        }
        catch (TorchException e) when (e is not TorchMemoryException)
        {
            // Dependent rows (dead or equal units): W Wᵀ has no Cholesky factor, and W itself serves.
            return null;
        }
    }
}
