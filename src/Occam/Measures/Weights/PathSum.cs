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

    /// <summary>The sum; infinite where it is too large for a double.</summary>
    public double Value => Math.ScaleB(Mantissa, Exponent);

    /// <summary>Its natural logarithm.</summary>
    public double Ln => Math.Log(Mantissa) + (Exponent * Math.Log(2));

    /// <summary>Sums over the paths of a network.</summary>
    /// <param name="network">The network, in float64.</param>
    /// <param name="inputShape">Batch × example; the sum is over the paths of the first example.</param>
    /// <param name="power">p.</param>
    /// <param name="factor">What a node multiplies each path through it by; 1 when left out.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PathSum Of(Network network, long[] inputShape, double power, Func<Node, double>? factor, CancellationToken cancellation)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var start = network.Graph.Input.Name;
        var sums =
            new Dictionary<string, (Tensor Value, int Exponent)> { [start] = (Tensor.Ones(inputShape, network.Type, network.Device), 0) };
        foreach (var node in network.ActiveNodes)
        {
            cancellation.ThrowIfCancellationRequested();
            bool[] onPath = [.. node.Inputs.Select(network.DependsOnData.Contains)];
            var exponent = node.Inputs.Where((_, i) => onPath[i]).Select(name => sums[name].Exponent).DefaultIfEmpty().Max();
            Tensor? Input(string name, bool isSum) =>
                name.Length == 0 ? null
                : !sums.TryGetValue(name, out var sum) ? network.Constant(name)
                : isSum && sum.Exponent != exponent ? sum.Value * Math.ScaleB(1, sum.Exponent - exponent)
                : sum.Value;
            Tensor?[] inputs = [.. node.Inputs.Select((name, i) => Input(name, onPath[i]))];
            var outputs = onPath.Contains(true) && network.Operators[node].ReadsValues
                ? network.Operators[node].Paths(new PathCall(network.Call(node, inputs, RunOptions.Evaluation), [.. onPath], power))
                : ExecutionPlan.RunNode(network, node, inputs, RunOptions.Evaluation);
            if (outputs is null)
            {
                return new PathSum(double.NaN, 0, node);
            }

            for (var i = 0; i < outputs.Length && i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i].Length > 0)
                {
                    sums[node.Outputs[i]] = network.DependsOnData.Contains(node.Outputs[i])
                        ? Scaled(factor is null ? outputs[i] : outputs[i] * factor(node), exponent)
                        : (outputs[i], 0);
                }
            }
        }

        var (last, taken) = sums[network.Output];
        return new PathSum(last.Narrow(0, 0, 1).Sum().Item(), taken);
    }

    private static (Tensor, int) Scaled(Tensor sums, int exponent)
    {
        var largest = sums.Elements == 0 ? 0 : sums.Flatten().AMax([0]).Item();
        var own = largest > 0 ? Math.ILogB(largest) : 0;
        return Math.Abs(own) > MostExponent ? (sums * Math.ScaleB(1, -own), exponent + own) : (sums, exponent);
    }
}
