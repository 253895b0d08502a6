using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>The layers as the linear maps that they are at the network's input size.</summary>
internal static class LayerOperators
{
    /// <summary>
    /// For each layer in order: its ℓ2 operator norm, and the numbers in its output for one example. Of a dense layer the
    /// norm is σ_max of the matrix; of a convolution, at its input size, stride and padding, it comes from Lanczos
    /// iteration with the residual added, which makes it up to <c>Slack</c> times too large. Null where the input's size isn't known.
    /// </summary>
    public static ImmutableArray<(double Norm, double Slack, long Outputs)>? Of(MeasureContext context)
    {
        if (context.OneExample is not { } example)
        {
            return null;
        }

        return context.Shared(default(Operators), () => Compute(context, example));
    }

    /// <summary>
    /// Finds the norms of all layers that need iteration, side by side, and puts them into
    /// <see cref="LipschitzBound.IteratedNorms"/>, where a Lipschitz bound looks for them.
    /// </summary>
    /// <param name="context">What is measured.</param>
    /// <param name="values">All its values for examples of zeros.</param>
    public static void Iterate(MeasureContext context, IReadOnlyDictionary<string, Tensor> values)
    {
        var network = context.Subject.Folded!;
        var norms = LipschitzBound.IteratedNorms(context);
        WeightLayer[] left = [.. context.WeightLayers.All.Where(layer => !IsDense(network, layer) && !norms.ContainsKey(layer.Node))];
        var done = 0;
        Workers.Run(left.Length, Libtorch.Threads, context.Options.Cancellation, (i, _) =>
        {
            Norm(context, left[i], values);
            context.Options.Progress?.Invoke((double)Interlocked.Increment(ref done) / left.Length);
        });
    }

    private static ImmutableArray<(double, double, long)> Compute(MeasureContext context, long[] example)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = context.Subject.Folded!;
        var values = LipschitzBound.RunZeros(context.AtOneExample(network), example);
        Iterate(context, values);
        WeightLayer.SpectralNorms(
            [.. context.WeightLayers.All.Where(layer => IsDense(network, layer))], context.Options.Cancellation);
        return
        [
            .. context.WeightLayers.All.Select(layer =>
            {
                var (norm, slack) = IsDense(network, layer) ? (layer.Spectral, 1) : Norm(context, layer, values);
                return (norm, slack, values[layer.Node.Output].Elements / example[0]);
            }),
        ];
    }

    private static bool IsDense(Network network, WeightLayer layer) =>
        network.Operators[layer.Node].DenseWeight(layer.Node, network.Constant) is not null;

    private static (double Norm, double Slack) Norm(MeasureContext context, WeightLayer layer, IReadOnlyDictionary<string, Tensor> values)
    {
        var (network, node) = (context.Subject.Folded!, layer.Node);
        var op = network.Operators[node];
        var call = network.Call(node, values);
        double[] bounds = [.. node.Inputs.Select((name, i) => network.DependsOnData.Contains(name) && !op.IsOffset(i) ? 1.0 : 0)];
        var slack = 1.0;
        double Iterated()
        {
            var norm = LipschitzBound.Iterated(network, op, call, bounds, LipschitzBound.IteratedNorms(context));
            slack = norm.Slack;
            return norm.UpperBound;
        }

        return (op.Lipschitz(new LipschitzCall(call, bounds, values[node.Output], Iterated)) ?? double.NaN, slack);
    }

    private readonly record struct Operators;
}
