using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// A piecewise-linear network restricted to a segment is piecewise linear in one variable; this finds its kinks
/// exactly, in float64. Activation by activation in the order of the graph: between the kinks found so far,
/// the functions whose signs switch the activation are affine, so their zeros follow from their values there.
/// </summary>
public sealed class LineTracer
{
    private const double Closest = 1e-13;
    private const long ElementBudget = 4L << 20;

    private const int PatternChunk = 64;

    private readonly Network _network;
    private readonly ImmutableArray<Node> _kinked;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares a piecewise-linear network.</summary>
    public LineTracer(Network network, CancellationToken cancellation = default)
    {
        _cancellation = cancellation;
        _network = network.To(ScalarType.Float64, Device.Cpu);
        _kinked = [.. _network.ActiveNodes.Where(node => _network.Operators[node].Linearity == Linearity.PiecewiseAffine)];
    }

    /// <summary>The positions in (0, 1), ascending, at which the network bends on the way from one example to another.</summary>
    public double[] Kinks(Tensor from, Tensor to)
    {
        using var grad = Libtorch.NoGrad();
        var positions = new List<double> { 0, 1 };
        var start = from.To(ScalarType.Float64);
        var direction = to.To(ScalarType.Float64) - start;
        foreach (var node in _kinked)
        {
            positions = Refine(node, start, direction, positions);
        }

        return [.. positions.Skip(1).SkipLast(1)];
    }

    /// <summary>
    /// How many times the activation pattern changes on the way: kinks at which some piece really changes
    /// (a tie among a pooling window's losers is none).
    /// </summary>
    internal int CountCrossings(Tensor from, Tensor to)
    {
        using var scope = Libtorch.NewDisposeScope();
        double[] bounds = [0, .. Kinks(from, to), 1];
        var middles = bounds.Zip(bounds.Skip(1), (left, right) => (left + right) / 2).ToArray();
        var start = from.To(ScalarType.Float64);
        var direction = to.To(ScalarType.Float64) - start;
        var patterns = ActivationPatterns.Of(_network);
        var digests = middles.Chunk(PatternChunk).SelectMany(chunk =>
        {
            _cancellation.ThrowIfCancellationRequested();
            return patterns.Digests(Points(start, direction, chunk));
        }).ToArray();
        return digests.Zip(digests.Skip(1)).Count(pair => pair.First != pair.Second);
    }

    /// <summary>The outputs at the given positions: position × k.</summary>
    public double[] Values(Tensor from, Tensor to, double[] positions)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var start = from.To(ScalarType.Float64);
        return _network.Forward(Points(start, to.To(ScalarType.Float64) - start, positions)).ToArray<double>();
    }

    private static Tensor Points(Tensor start, Tensor direction, double[] positions)
    {
        long[] shape = [positions.Length, .. Enumerable.Repeat(1L, start.Dimensions)];
        return (Tensor.FromArray(positions, shape) * direction.Unsqueeze(0)) + start.Unsqueeze(0);
    }

    private List<double> Refine(Node node, Tensor start, Tensor direction, List<double> positions)
    {
        var perPoint = Switches(node, start, direction, [0])?.Elements ?? 0;
        if (perPoint == 0)
        {
            return positions;
        }

        var found = new List<double>(positions);
        var chunk = (int)Math.Clamp(ElementBudget / perPoint, 2, 4096);
        for (var first = 0; first < positions.Count - 1; first += chunk - 1)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var here = positions.GetRange(first, Math.Min(chunk, positions.Count - first)).ToArray();
            AddCrossings(Switches(node, start, direction, here)!, here, found);
        }

        found.Sort();
        return Distinct(found);
    }

    private Tensor? Switches(Node node, Tensor start, Tensor direction, double[] positions)
    {
        var inputs = node.Inputs.Where(name => name.Length > 0 && _network.Constant(name) is null).Distinct().ToArray();
        var values = _network.Run(Points(start, direction, positions), inputs);
        return _network.Operators[node].Switches(_network.Call(node, values));
    }

    private static void AddCrossings(Tensor switches, double[] positions, List<double> found)
    {
        var values = switches.ToArray<double>();
        var count = values.Length / positions.Length;
        for (var i = 0; i + 1 < positions.Length; i++)
        {
            var left = values.AsSpan(i * count, count);
            var right = values.AsSpan((i + 1) * count, count);
            for (var j = 0; j < count; j++)
            {
                if (left[j] * right[j] < 0)
                {
                    found.Add(positions[i] + ((positions[i + 1] - positions[i]) * left[j] / (left[j] - right[j])));
                }
            }
        }
    }

    private static List<double> Distinct(List<double> sorted)
    {
        var distinct = new List<double> { sorted[0] };
        foreach (var position in sorted)
        {
            if (position - distinct[^1] > Closest)
            {
                distinct.Add(position);
            }
        }

        return distinct;
    }
}
