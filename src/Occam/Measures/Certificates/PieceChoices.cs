using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// Pieces chosen for some units of a piecewise-linear network, and what one run through the network finds of the units: how many there are,
/// the planes on which those of the first node that isn't wholly chosen change pieces, and whose choice bounds the derivative most.
/// </summary>
internal sealed class PieceChoices : IPieces
{
    private readonly ImmutableDictionary<(int Node, int Unit), int> _chosen;
    private int _next;

    /// <summary>These choices.</summary>
    public PieceChoices(ImmutableDictionary<(int Node, int Unit), int> chosen) => _chosen = chosen;

    /// <summary>How many units there are.</summary>
    public int Units { get; private set; }

    /// <summary>The first node with units that aren't chosen; null where all are.</summary>
    public PieceNode? Open { get; private set; }

    /// <inheritdoc/>
    public (Tensor Low, Tensor High, Tensor AtZero) Choose(Enclosure value, AffinePieces pieces, Func<Tensor, Tensor> f)
    {
        var (node, count) = (_next++, (int)value.Middle.Elements);
        Units += count;
        var shape = value.Shape;
        double[][] slopes = [.. pieces.Slopes.Select(slope => slope.Expand(shape).ToArray<double>())];
        double[][] lines =
        [
            .. pieces.Slopes.Index().Select(piece =>
            {
                var at = pieces.Breaks.Length == 0 ? 0 : pieces.Breaks[Math.Max(0, piece.Index - 1)];
                var there = Tensor.Full(shape, at, ScalarType.Float64);
                return (f(there) - (piece.Item * there)).Expand(shape).ToArray<double>();
            }),
        ];
        var (low, high, atZero) = (new double[count], new double[count], new double[count]);
        List<int> open = [];

        // A unit that x doesn't reach has one value, and any slope.
        var (reached, middles) = (value.Slopes.Abs().Sum([0]).ToArray<double>(), value.Middle.ToArray<double>());
        var values = f(value.Middle).ToArray<double>();
        for (var i = 0; i < count; i++)
        {
            if (_chosen.TryGetValue((node, i), out var piece))
            {
                (low[i], high[i], atZero[i]) = (slopes[piece][i], slopes[piece][i], lines[piece][i]);
            }
            else if (reached[i] == 0)
            {
                (low[i], high[i], atZero[i]) = (slopes[0][i], slopes[0][i], values[i] - (slopes[0][i] * middles[i]));
            }
            else
            {
                (low[i], high[i]) = (slopes.Min(each => each[i]), slopes.Max(each => each[i]));
                open.Add(i);
            }
        }

        if (open.Count > 0 && Open is null)
        {
            Open = new PieceNode(node, [.. open], [.. pieces.Breaks], Weights(value), middles);
        }

        return (Tensor.FromArray(low, shape), Tensor.FromArray(high, shape), Tensor.FromArray(atZero, shape));
    }

    // Up to the first open node all is affine: the columns of x alone are its weights, a row a unit.
    private static double[][] Weights(Enclosure value)
    {
        var rows = value.Slopes.Flatten(1).T().Contiguous();
        var width = (int)rows.Size(1);
        return [.. rows.ToArray<double>().Chunk(Math.Max(1, width))];
    }
}
