using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// The units of a perceptron of ReLUs whose sign differs among the corners x ± r v_p of a neighbourhood, found without a forward pass a
/// corner. Within a distance of r a unit's pre-activation z_j stays within ‖w_j‖ ∏ ‖W_k‖ r of its value at x, the product over the layers
/// before its own: only units that near to zero can differ. Of each of these the row ∂z_j/∂x at x is taken back through the layers, and
/// its values at the corners are
/// z_j(x ± r v) = z_j(x) ± r ∂z_j/∂x · v + Σ_u ∂z_j/∂a_u |z_u(x ± r v)|,
/// exactly, the sum over the units u before it that change their sign between x and the corner (|z_u| is how far a ReLU is then from its
/// linear piece at x).
/// </summary>
internal sealed class PerceptronNeighbourhoods
{
    // Bytes of rows at once.
    private const long MostRows = 16L << 20;

    // The bounds are of rounded numbers.
    private const double Slack = 1 + 1e-3;

    private readonly Network _network;
    private readonly Tensor[] _weights;
    private readonly string[] _values;
    private readonly double[][] _reach;
    private readonly double _radius;
    private readonly int _directions;

    private PerceptronNeighbourhoods(Network network, PerceptronChain chain, double radius, int directions)
    {
        (_network, _radius, _directions) = (network, radius, directions);
        _weights = [.. chain.Weights[..^1]];
        _values = [.. chain.Activations.Select(activation => activation.Before)];
        _reach = Reach(_weights, radius);
    }

    /// <summary>
    /// Those of a network; null where it is no perceptron of ReLUs, or the bounds take longer than they can save.
    /// </summary>
    /// <param name="context">What is measured.</param>
    /// <param name="radius">r.</param>
    /// <param name="directions">P.</param>
    /// <param name="neighbourhoods">How many there are.</param>
    public static PerceptronNeighbourhoods? Of(MeasureContext context, double radius, int directions, long neighbourhoods)
    {
        if (context.Subject is not { Folded: { IsLarge: false } network, FixedBatch: null } || context.HoldsInputs
            || network.Type is not (ScalarType.Float32 or ScalarType.Float64) || !network.Device.IsCpu
            || PerceptronChain.Of(network, context.Inputs) is not { } chain
            || !chain.Activations.All(activation => activation.Nodes is [var node] && network.Operators[node].IsRectifier))
        {
            return null;
        }

        var direct = (double)neighbourhoods * 2 * directions * chain.Weights[..^1].Sum(weight => weight.Elements);
        return chain.Weights[..^2].Sum(SpectralBound.Cost) < direct / 4
            ? new PerceptronNeighbourhoods(network, chain, radius, directions)
            : null;
    }

    /// <summary>Counts, for the examples where that takes fewer multiplications than forward passes at the corners.</summary>
    /// <param name="x">The examples.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="frames">An example's sets of directions, by its number here; called on several threads.</param>
    /// <param name="found">Receives an example's number here, a set's number, a layer's, and how many of its units differ.</param>
    /// <returns>The numbers of the other examples.</returns>
    public int[] Count(
        Tensor x, CancellationToken cancellation, Func<int, IEnumerable<OrthonormalFrame>> frames, Action<int, int, int, int> found)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var values = _network.Run(x, _values);
        Tensor[] before = [.. _values.Select(name => values[name].Reshape(x.Size(0), -1).Contiguous())];
        var near = Near(before);
        var all = Enumerable.Range(0, (int)x.Size(0)).ToLookup(i => IsWorthIt(near[i]));
        foreach (var group in Groups([.. all[true]], near))
        {
            using var inner = Libtorch.NewDisposeScope();
            var rows = Rows(group, near, before);
            Workers.Run(group.Length, Libtorch.Threads, cancellation, (at, _) =>
            {
                using var none = Libtorch.NoGrad();
                foreach (var (set, frame) in frames(group[at]).Index())
                {
                    var differ = Differing(rows[at], frame);
                    for (var layer = 0; layer < differ.Length; layer++)
                    {
                        found(group[at], set, layer, differ[layer]);
                    }
                }
            });
        }

        return [.. all[false]];
    }

    // By layer and unit, how far its pre-activation can be from that at the centre.
    private static double[][] Reach(Tensor[] weights, double radius)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (reach, stretch) = (new double[weights.Length][], radius * Slack);
        for (var layer = 0; layer < weights.Length; layer++)
        {
            reach[layer] = [.. weights[layer].Norm([1]).To(ScalarType.Float64).ToArray<double>().Select(norm => norm * stretch)];
            if (layer + 1 < weights.Length)
            {
                stretch *= SpectralBound.Of(weights[layer]) * Slack;
            }
        }

        return reach;
    }

    // By example and layer, the units that may differ.
    private int[][][] Near(Tensor[] before)
    {
        var near = new int[before[0].Size(0)][][];
        double[][] all = [.. before.Select(layer => layer.To(ScalarType.Float64).ToArray<double>())];
        Parallel.For(0, near.Length, new ParallelOptions { MaxDegreeOfParallelism = Libtorch.Threads }, i =>
        {
            near[i] = [.. _reach.Select((reach, layer) =>
            {
                List<int> units = [];
                var own = all[layer].AsSpan(i * reach.Length, reach.Length);
                for (var unit = 0; unit < own.Length; unit++)
                {
                    // Written so that what is no number counts as near.
                    if (!(Math.Abs(own[unit]) > reach[unit]))
                    {
                        units.Add(unit);
                    }
                }

                return units.ToArray();
            })];
        });
        return near;
    }

    // Multiplications: of the rows, each back through the layers before its own and along all directions, and of passes at the corners.
    private bool IsWorthIt(int[][] near)
    {
        var (rows, direct, back) = (0.0, 0.0, (double)_directions * _weights[0].Size(1));
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            rows += near[layer].Length * back;
            back += _weights[layer].Elements;
            direct += 2.0 * _directions * _weights[layer].Elements;
        }

        return rows < direct;
    }

    private IEnumerable<int[]> Groups(int[] examples, int[][][] near)
    {
        var widest = _weights.Max(weight => Math.Max(weight.Size(0), weight.Size(1)));
        var most = MostRows / (2 * widest * (_network.Type == ScalarType.Float64 ? sizeof(double) : sizeof(float)));
        List<int> group = [];
        var taken = 0L;
        foreach (var i in examples)
        {
            var rows = near[i].Sum(units => units.Length);
            if (group.Count > 0 && taken + rows > most)
            {
                yield return [.. group];
                group.Clear();
                taken = 0;
            }

            group.Add(i);
            taken += rows;
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    // The rows of a group's examples.
    private Neighbourhood[] Rows(int[] group, int[][][] near, Tensor[] before)
    {
        var examples = Tensor.FromArray([.. group.Select(i => (long)i)], group.Length);
        Tensor[] values = [.. before.Select(layer => layer.IndexSelect(0, examples))];
        Tensor[] slopes = [.. values.Select(layer => layer.GreaterThan(0).To(layer.ScalarType))];
        double[][] numbers = [.. values.Select(layer => layer.To(ScalarType.Float64).ToArray<double>())];
        Neighbourhood[] made = [.. group.Select((i, at) => new Neighbourhood(
            [.. near[i].Select((units, layer) => units.Select(unit => numbers[layer][(at * _reach[layer].Length) + unit]).ToArray())],
            [.. near[i].Select(units => Array.ConvertAll(units, _ => new double[_weights.Length][]))],
            new Tensor?[_weights.Length]))];
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            (int At, int Unit)[] all = [.. group.SelectMany((i, at) => near[i][layer].Select(unit => (at, unit)))];
            if (all.Length == 0)
            {
                continue;
            }

            var rows = _weights[layer].IndexSelect(0, Tensor.FromArray([.. all.Select(row => (long)row.Unit)], all.Length));
            var owners = Tensor.FromArray([.. all.Select(row => (long)row.At)], all.Length);
            for (var earlier = layer - 1; earlier >= 0; earlier--)
            {
                Keep(rows, all, earlier, layer);
                rows = (rows * slopes[earlier].IndexSelect(0, owners)).MatMul(_weights[earlier]);
            }

            var start = 0L;
            for (var at = 0; at < group.Length; at++)
            {
                if (near[group[at]][layer].Length is > 0 and var count)
                {
                    made[at].Rows[layer] = rows.Narrow(0, start, count);
                    start += count;
                }
            }
        }

        return made;

        // ∂z_j/∂a_u of the units u of an earlier layer that may differ.
        void Keep(Tensor rows, (int At, int Unit)[] all, int earlier, int layer)
        {
            var (at, within) = (-1, 0);
            var width = (int)rows.Size(1);
            double[]? wide = null;
            for (var row = 0; row < all.Length; row++)
            {
                within = all[row].At == at ? within + 1 : 0;
                at = all[row].At;
                var units = near[group[at]][earlier];
                if (units.Length > 0)
                {
                    wide ??= rows.To(ScalarType.Float64).ToArray<double>();
                    var first = row * width;
                    made[at].Influence[layer][within][earlier] = Array.ConvertAll(units, unit => wide[first + unit]);
                }
            }
        }
    }

    // By layer, how many units differ.
    private int[] Differing(Neighbourhood at, OrthonormalFrame frame)
    {
        var corners = 2 * _directions;
        var counts = new int[_weights.Length];

        // By layer and unit, how far its ReLU is at the corners from its linear piece at the centre; null where it nowhere is.
        var bent = new double[_weights.Length][][];
        for (var layer = 0; layer < counts.Length; layer++)
        {
            var values = at.Values[layer];
            bent[layer] = new double[values.Length][];
            if (at.Rows[layer] is not { } rows)
            {
                continue;
            }

            var along = frame.Along(rows).To(ScalarType.Float64).Contiguous().AsSpan<double>();
            var z = new double[corners];
            for (var unit = 0; unit < values.Length; unit++)
            {
                for (var p = 0; p < _directions; p++)
                {
                    var step = _radius * along[(unit * _directions) + p];
                    (z[2 * p], z[(2 * p) + 1]) = (values[unit] + step, values[unit] - step);
                }

                for (var earlier = 0; earlier < layer; earlier++)
                {
                    foreach (var (u, change) in bent[earlier].Index())
                    {
                        if (change is not null)
                        {
                            var influence = at.Influence[layer][unit][earlier][u];
                            for (var corner = 0; corner < corners; corner++)
                            {
                                z[corner] += influence * change[corner];
                            }
                        }
                    }
                }

                var isOn = values[unit] > 0;
                var on = z.Count(value => value > 0);
                counts[layer] += on > 0 && on < corners ? 1 : 0;
                if (on != (isOn ? corners : 0))
                {
                    bent[layer][unit] = Array.ConvertAll(z, value => value > 0 == isOn ? 0 : Math.Abs(value));
                }
            }
        }

        return counts;
    }

    /// <summary>Of an example and its units that may differ, by layer and unit.</summary>
    /// <param name="Values">The pre-activation at the centre.</param>
    /// <param name="Influence">Its derivatives by the activations of those in each earlier layer.</param>
    /// <param name="Rows">Its derivatives by the input: units × d; null for none.</param>
    private sealed record Neighbourhood(double[][] Values, double[][][][] Influence, Tensor?[] Rows);
}
