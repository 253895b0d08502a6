using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// What an operator sees when sums over paths pass through its node. A path leads from an element of the network's
/// input to an element of some value; each of the operator's coefficients on it counts with |·|^p.
/// </summary>
/// <param name="Call">The node. Inputs on paths hold, for each element, the sum over all paths that lead to it; the others are constants as
/// they are.</param>
/// <param name="OnPath">Which inputs depend on the numbers in the network's input.</param>
/// <param name="Power">p, at least 1.</param>
internal sealed record PathCall(NodeCall Call, ImmutableArray<bool> OnPath, double Power)
{
    /// <summary>How many inputs paths come from.</summary>
    public int Sources => OnPath.Count(on => on);

    /// <summary>|c|^p.</summary>
    public double Raise(double coefficient) => Math.Pow(Math.Abs(coefficient), Power);

    /// <summary>|c|^p, element by element.</summary>
    public Tensor Raise(Tensor coefficient) => Power switch
    {
        1 => coefficient.Abs(),
        2 => coefficient.Square(),
        _ => coefficient.Abs().Pow(Power),
    };

    /// <summary>
    /// The node with |c|^p in place of its floating-point constants, and without those of the given index, which begin no path.
    /// </summary>
    public NodeCall Raised(int? offset = null)
    {
        var inputs = (Tensor?[])Call.Inputs.Clone();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!OnPath[i] && inputs[i] is { IsFloatingPoint: true } constant)
            {
                inputs[i] = i == offset ? null : Raise(constant);
            }
        }

        return Call with { Inputs = inputs };
    }

    /// <summary>The input of that index where paths come from it; zeros in the shape of a constant, which begins no path.</summary>
    public Tensor Source(int index) => OnPath[index] ? Call[index] : Tensor.ZerosLike(Call[index]);

    /// <summary>The node with zeros in place of its floating-point constants.</summary>
    public NodeCall WithoutConstants() => Call with
    {
        Inputs = [.. Call.Inputs.Select((input, i) => input is { IsFloatingPoint: true } && !OnPath[i] ? Tensor.ZerosLike(input) : input)],
    };
}
