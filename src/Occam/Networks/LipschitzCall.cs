using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>What an operator sees when an upper Lipschitz bound passes through its node.</summary>
/// <param name="Call">The node with its inputs as they are for one zero example (batch of one): stored tensors have their values, others at
/// least their shapes.</param>
/// <param name="InputBounds">A Lipschitz bound of each input as a function of the network's input: 0 for what doesn't depend on it.</param>
/// <param name="Output">The node's first output for the same example.</param>
/// <param name="LinearNorm">Bounds the ℓ2 operator norm of the node's linear part by power iteration with its residual added: for an affine
/// operator whose norm has no formula.</param>
internal sealed record LipschitzCall(NodeCall Call, double[] InputBounds, Tensor Output, Func<double> LinearNorm)
{
    /// <summary>How large the inputs that depend on the data can be; null, or none, where that isn't bounded or isn't known.</summary>
    public ImmutableArray<ValueSize?> Sizes { get; init; } = [];

    /// <summary>How large the input of that index can be, a constant or not; null where that isn't bounded.</summary>
    public ValueSize? Size(int input) =>
        InputBounds[input] == 0 ? ValueSize.OfConstant(Call[input]) : input < Sizes.Length ? Sizes[input] : null;

    /// <summary>The largest of the inputs' bounds; the one that counts where a single input depends on the data.</summary>
    public double Largest => InputBounds.Max();

    /// <summary>How many inputs depend on the data.</summary>
    public int Varying => InputBounds.Count(bound => bound > 0);
}
