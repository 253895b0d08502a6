using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>What an operator sees when enclosures pass through its node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Linearity">How it bends in those of its inputs that depend on the data.</param>
/// <param name="Inputs">Their enclosures; null for a constant.</param>
/// <param name="Space">What enclosures have in common.</param>
/// <param name="At">The node for a number of examples: constants have their values, zeros stand for what depends on the data.</param>
internal sealed record EnclosureCall(
    Node Node, Linearity Linearity, ImmutableArray<Enclosure?> Inputs, EnclosureSpace Space, Func<long, NodeCall> At)
{
    /// <summary>The enclosure of the input of that index.</summary>
    public Enclosure this[int index] => Inputs[index]!;

    /// <summary>How many inputs depend on the data.</summary>
    public int Varying => Inputs.Count(input => input is not null);

    /// <summary>Whether the input of that index depends on the data.</summary>
    public bool Depends(int index) => index < Inputs.Length && Inputs[index] is not null;

    /// <summary>An affine operator, or one that is in the inputs that depend on the data; null where it has no sums over paths.</summary>
    public Enclosure[]? Affine(Operator op)
    {
        ImmutableArray<bool> dependent = [.. Inputs.Select(input => input is not null)];
        var given = Inputs.OfType<Enclosure>().ToArray();
        return EnclosedMaps.Through(
            Space, given, (batch, values) => op.Run(With(At(batch), values)),
            values => op.Paths(new PathCall(With(At(3), values), dependent, 1)) is { } sums ? [.. sums.Select(sum => sum.Abs())] : null);
    }

    private NodeCall With(NodeCall call, Tensor[] values)
    {
        var inputs = (Tensor?[])call.Inputs.Clone();
        var next = 0;
        for (var i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i] is not null)
            {
                inputs[i] = values[next++];
            }
        }

        return call with { Inputs = inputs };
    }
}
