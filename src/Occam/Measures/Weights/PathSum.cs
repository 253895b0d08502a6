using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// Σ over all paths from an input to an output of a network of Π |coefficient|^p: one pass with |W|^p in place of W, an
/// input of ones, biases absent and sums for maxima, in float64. Exact to rounding: where numbers leave the range of
/// a double, powers of two are taken out.
/// </summary>
/// <param name="Mantissa">The sum is Mantissa · 2^Exponent.</param>
/// <param name="Exponent">The power of two that was taken out.</param>
/// <param name="Untreated">The node at which sums over paths mean nothing, if there is one.</param>
internal sealed record PathSum(double Mantissa, int Exponent, Node? Untreated = null)
{
    // Far enough from both ends of a double that the next layer's sums don't overflow either.
    private const int MostExponent = 200;

    // Weights that are widened at once: as they fit a processor's cache.
    private const long MostAtOnce = 1L << 18;

    /// <summary>The sum; infinite where it is too large for a double.</summary>
    public double Value => Math.ScaleB(Mantissa, Exponent);

    /// <summary>Its natural logarithm.</summary>
    public double Ln => Math.Log(Mantissa) + (Exponent * Math.Log(2));

    /// <summary>
    /// Sums over the paths of a network, one node after the other: no more than a part of a layer's weights is widened at once.
    /// </summary>
    /// <param name="network">The network, in any precision.</param>
    /// <param name="inputShape">Batch × example; the sum is over the paths of the first example.</param>
    /// <param name="power">p.</param>
    /// <param name="factor">What a node multiplies each path through it by; 1 when left out.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="biases">Whether paths begin at biases, too.</param>
    public static PathSum Of(
        Network network, long[] inputShape, double power, Func<Node, double>? factor, CancellationToken cancellation, bool biases = false)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var ones = Tensor.Ones(inputShape, ScalarType.Float64, network.Device);
        var sums = new Dictionary<string, (Tensor Value, int Exponent)> { [network.Graph.Input.Name] = (ones, 0) };
        Node[] nodes = [.. network.ActiveNodes];
        var lastUses = nodes.SelectMany(node => node.Inputs.Select(name => (name, node)))
            .GroupBy(use => use.name).Where(uses => uses.Key != network.Output)
            .ToLookup(uses => uses.Last().node, uses => uses.Key, NodeIdentity.Comparer);
        foreach (var node in nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = Libtorch.NewDisposeScope();
            bool[] onPath = [.. node.Inputs.Select(network.DependsOnData.Contains)];
            var exponent = node.Inputs.Where((_, i) => onPath[i]).Select(name => sums[name].Exponent).DefaultIfEmpty().Max();
            Tensor? Input(string name, bool isSum) =>
                name.Length == 0 ? null
                : !sums.TryGetValue(name, out var sum) ? network.Constant(name)
                : isSum && sum.Exponent != exponent ? sum.Value * Math.ScaleB(1, sum.Exponent - exponent)
                : sum.Value;
            Tensor?[] inputs = [.. node.Inputs.Select((name, i) => Input(name, onPath[i]))];
            var outputs = onPath.Contains(true) && network.Operators[node].ReadsValues
                ? Paths(network, node, inputs, [.. onPath], power)
                : ExecutionPlan.RunNode(network, node, [.. inputs.Select(Wide)], RunOptions.Evaluation);
            if (outputs is null)
            {
                return new PathSum(double.NaN, 0, node);
            }

            if (biases && onPath.Contains(true) && Offset(network, node, inputs, onPath) is { } offset)
            {
                // Beside a bias, sums that are far smaller than any number count as they are.
                var common = Math.Max(exponent, -MostExponent);
                var paths = outputs[0] * Math.ScaleB(1, exponent - common);
                (outputs, exponent) = ([paths + (offset.Abs().Pow(power) * Math.ScaleB(1, -common)), .. outputs[1..]], common);
            }

            for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i].Length > 0)
                {
                    var output = Wide(outputs[i])!;
                    var (value, taken) = network.DependsOnData.Contains(node.Outputs[i])
                        ? Scaled(factor is null ? output : output * factor(node), exponent)
                        : (output, 0);
                    sums[node.Outputs[i]] = (value.Alias().MoveToOuterDisposeScope(), taken);
                }
            }

            foreach (var name in lastUses[node])
            {
                if (sums.Remove(name, out var sum))
                {
                    sum.Value.Dispose();
                }
            }
        }

        var (last, exponentOfLast) = sums[network.Output];
        return new PathSum(last.Narrow(0, 0, 1).Sum().Item(), exponentOfLast);
    }

    // What an affine node adds: its output where the data are 0.
    private static Tensor? Offset(Network network, Node node, Tensor?[] inputs, bool[] onPath) =>
        network.LinearityOf(node) != Linearity.Affine || !node.Inputs.Where((_, i) => network.Operators[node].IsOffset(i)).Any(
            name => name.Length > 0 && !network.DependsOnData.Contains(name)) ? null
        : ExecutionPlan.RunNode(
            network, node, [.. inputs.Select((input, i) => onPath[i] ? Tensor.ZerosLike(input!) : Wide(input))], RunOptions.Evaluation)[0];

    private static Tensor? Wide(Tensor? tensor) =>
        tensor is { IsFloatingPoint: true } && tensor.ScalarType != ScalarType.Float64 ? tensor.To(ScalarType.Float64) : tensor;

    /// <summary>What paths become at a node; where its second input is a large weight, some of its units at a time.</summary>
    private static Tensor[]? Paths(Network network, Node node, Tensor?[] inputs, ImmutableArray<bool> onPath, double power)
    {
        var op = network.Operators[node];
        Tensor[]? Whole(Tensor?[] some)
        {
            var call = network.Call(node, [.. some.Select(Wide)], RunOptions.Evaluation) with { FloatType = ScalarType.Float64 };
            return op.Paths(new PathCall(call, onPath, power));
        }

        if (op.UnitsAt(node) is not var (axis, outputAxis) || !onPath[0] || onPath.Count(on => on) > 1
            || inputs[1] is not { Dimensions: > 1 } weight || weight.Elements <= MostAtOnce)
        {
            return Whole(inputs);
        }

        var atOnce = Math.Max(1, MostAtOnce * weight.Size(axis) / weight.Elements);
        List<Tensor> parts = [];
        for (var start = 0L; start < weight.Size(axis); start += atOnce)
        {
            using var scope = Libtorch.NewDisposeScope();

            // What is only added begins no path.
            Tensor?[] some = [.. inputs.Select((input, i) => op.IsOffset(i) ? null : input)];
            some[1] = weight.Narrow(axis, start, Math.Min(atOnce, weight.Size(axis) - start));
            if (Whole(some) is not [var part])
            {
                return null;
            }

            parts.Add(part.MoveToOuterDisposeScope());
        }

        return [Tensor.Cat([.. parts], outputAxis)];
    }

    private static (Tensor, int) Scaled(Tensor sums, int exponent)
    {
        var largest = sums.Elements == 0 ? 0 : sums.Flatten().AMax([0]).Item();
        var own = largest > 0 ? Math.ILogB(largest) : 0;
        return Math.Abs(own) > MostExponent ? (sums * Math.ScaleB(1, -own), exponent + own) : (sums, exponent);
    }
}
