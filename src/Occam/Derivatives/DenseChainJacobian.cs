using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The Jacobians of a perceptron, J = W_{L+1} D_L W_L … D_1 W_1, whose D_l are the diagonal matrices of the activations' slopes: one
/// call for a batch, which passes over what a slope of zero multiplies, about half in a network of ReLUs. It begins at the narrower end.
/// <para>
/// In float32 on a CPU with AVX-512; elsewhere the general way serves.
/// </para>
/// </summary>
internal sealed class DenseChainJacobian
{
    private readonly Network _network;
    private readonly ImmutableArray<PerceptronChain.Activation> _activations;
    private readonly Tensor[] _weights;
    private readonly Tensor? _entry;
    private readonly LastAffineLayer? _exit;

    private DenseChainJacobian(
        Network network, ImmutableArray<PerceptronChain.Activation> activations, Tensor[] weights, Tensor? entry, LastAffineLayer? exit)
    {
        _network = network;
        _activations = activations;
        _weights = weights;
        _entry = entry;
        _exit = exit;
    }

    /// <summary>The chain that a network is; null where it is anything else.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">d.</param>
    /// <param name="outputs">k.</param>
    /// <param name="entry">L of W_1 W_1ᵀ = L Lᵀ, where the first layer has fewer units than inputs.</param>
    /// <param name="exit">The last layer, where it has more outputs than inputs.</param>
    public static DenseChainJacobian? Of(Network network, long inputs, long outputs, Tensor? entry, LastAffineLayer? exit)
    {
        // It copies the weights, which of a large network takes too much memory.
        if (network.Type != ScalarType.Float32 || !network.Device.IsCpu || !network.Graph.Held.IsEmpty || !Vectors.ArePossible
            || network.IsLarge)
        {
            return null;
        }

        using var grad = Libtorch.NoGrad();
        return PerceptronChain.Of(network, inputs) is { } chain && chain.Weights[^1].Size(0) == outputs
            ? new DenseChainJacobian(
                network, chain.Activations, [.. chain.Weights.Select(weight => weight.DetachFromDisposeScope())], entry, exit)
            : null;
    }

    /// <summary>‖J(x)‖_F² of each example, in float64.</summary>
    public double[] SquaredNorms(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var slopes = Slopes(x);
        if (CostFromEnd() <= CostFromStart())
        {
            return FromEnd(slopes, Vectors.ChainNorms, exactRows: false).ToArray<double>();
        }

        Tensor[] factors = [.. _weights[1..^1].Select(weight => weight.T()), _exit?.Factor.T() ?? _weights[^1].T()];
        return Vectors.ChainNorms(_weights[0].T(), slopes, factors, firstIsUpper: false, lastIsLower: _exit is not null).ToArray<double>();
    }

    /// <summary>J Jᵀ of each example in float64, or what has the same eigenvalues where the last layer widens.</summary>
    public Tensor Gram(Tensor x) => Made(x, Vectors.ChainGrams, exactRows: false);

    /// <summary>J of each example, batch × k × d; or any matrices with the same J Jᵀ, k to the basis of the last layer.</summary>
    public Tensor Rows(Tensor x, bool exactRows) => Made(x, Vectors.Chain, exactRows);

    private Tensor Made(Tensor x, Products what, bool exactRows)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return FromEnd(Slopes(x), what, exactRows).MoveToOuterDisposeScope();
    }

    private Tensor FromEnd(Tensor[] slopes, Products what, bool exactRows)
    {
        Tensor[] backwards = [.. slopes.Reverse()];
        var entry = exactRows ? null : _entry;
        Tensor[] factors = [.. _weights[1..^1].Reverse(), entry ?? _weights[0]];
        return what(
            exactRows ? _weights[^1] : _exit?.Factor ?? _weights[^1], backwards, factors, !exactRows && _exit is not null,
            entry is not null);
    }

    // Multiplications, of which those with half of a triangle are spared.
    private double CostFromEnd() =>
        (double)(_exit?.Passes ?? _weights[^1].Size(0))
            * (_weights[1..^1].Sum(weight => weight.Elements) + (_entry is { } entry ? entry.Elements / 2 : _weights[0].Elements));

    private double CostFromStart() =>
        (double)_weights[0].Size(1)
            * (_weights[1..^1].Sum(weight => weight.Elements) + (_exit is { } exit ? exit.Factor.Elements / 2 : _weights[^1].Elements));

    /// <summary>The diagonals of D_1, …, D_L: batch × units each.</summary>
    private Tensor[] Slopes(Tensor x)
    {
        var values = _network.Run(x, [.. _activations.Select(activation => activation.Before)]);
        return [.. _activations.Select(activation =>
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.EnableGrad();
            var before = values[activation.Before].Detach().RequireGrad();
            var after = _network.Run(new Dictionary<string, Tensor> { [activation.Before] = before }, [activation.After])[activation.After];
            var slope = after.RequiresGrad ? Autograd.Grad(after, before, Tensor.OnesLike(after)) : Tensor.ZerosLike(before);
            return slope.Detach().Reshape(x.Size(0), -1).MoveToOuterDisposeScope();
        })];
    }

    private delegate Tensor Products(Tensor first, Tensor[] slopes, Tensor[] factors, bool firstIsUpper, bool lastIsLower);
}
