using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>What an operator sees when bounds of how large values can be pass through its node.</summary>
/// <param name="Call">The node, in float64. Inputs that depend on the data hold the bounds of their numbers' magnitudes, or zeros where
/// there are none; the others are constants as they are.</param>
/// <param name="Dependent">Which inputs depend on the numbers in the network's input.</param>
/// <param name="Sizes">The inputs' bounds; null for an input without, and for one that isn't made of real numbers.</param>
internal sealed record SizeCall(NodeCall Call, ImmutableArray<bool> Dependent, ImmutableArray<ValueSize?> Sizes)
{
    /// <summary>Whether all inputs that depend on the data are bounded.</summary>
    public bool IsBounded => !Dependent.Where((depends, i) => depends && Sizes[i] is null).Any();

    /// <summary>The node's outputs for zeros in place of all that depends on the data.</summary>
    public Tensor[] AtZero(Operator op) =>
        op.Run(With((input, i) => Dependent[i] && input is { IsFloatingPoint: true } ? Tensor.ZerosLike(input) : input));

    /// <summary>
    /// Bounds of an operator with paths: |f(x)| ≤ |f(0)| + the sum over paths of |coefficient| |x|. Where it only moves the
    /// numbers of one input, groups are moved along.
    /// </summary>
    public ImmutableArray<ValueSize?> ByPaths(Operator op)
    {
        if (!IsBounded || op.Paths(new PathCall(Call, Dependent, 1)) is not { } sums)
        {
            return [];
        }

        var offsets = AtZero(op);
        var moved = op.Linearity == Linearity.Structural && Call.Inputs.Count(input => input is { IsFloatingPoint: true }) == 1
            ? Sizes.FirstOrDefault(size => size is not null)
            : null;
        return
        [
            .. sums.Zip(offsets).Select((pair, output) =>
            {
                if (!pair.First.IsFloatingPoint || !pair.Second.IsFloatingPoint)
                {
                    return null;
                }

                var elements = pair.First.Abs() + pair.Second.Abs();
                return moved is null ? new ValueSize(elements) : moved.Moved(elements, index => op.Run(
                    With((input, i) => Dependent[i] && input is { IsFloatingPoint: true } ? index : input))[output]);
            }),
        ];
    }

    private NodeCall With(Func<Tensor?, int, Tensor?> change) => Call with { Inputs = [.. Call.Inputs.Select(change)] };
}
