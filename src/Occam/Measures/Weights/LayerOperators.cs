using System.Collections.Immutable;
using Occam.Networks.Operators;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>The layers as the linear maps that they are at the network's input size.</summary>
internal static class LayerOperators
{
    /// <summary>
    /// For each layer in order: its ℓ2 operator norm, and the numbers in its output for one example. Of a dense layer the
    /// norm is σ_max of the matrix; of a convolution, at its input size, stride and padding, it comes from Lanczos
    /// iteration with the residual added. Null where the input's size isn't known.
    /// </summary>
    public static ImmutableArray<(double Norm, long Outputs)>? Of(MeasureContext context)
    {
        if (context.OneExample is not { } example)
        {
            return null;
        }

        return context.Shared("layer operators", () => Compute(context, example));
    }

    private static ImmutableArray<(double, long)> Compute(MeasureContext context, long[] example)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = context.Subject.Folded!;
        var layers = WeightLayers.Of(context).All;
        var values = LipschitzBound.RunZeros(network, example);
        var norms = LipschitzBound.IteratedNorms(context);
        var found = new (double Norm, long Outputs)[layers.Length];
        var done = 0;
        OneThreadEach.Run(layers.Length, context.Options.Cancellation, i =>
        {
            var (layer, node, output) = (layers[i], layers[i].Node, values[layers[i].Node.Output]);
            var op = network.Operators[node];
            found[i] = (op.DenseWeight(node, network.Constant) is null ? Norm() : layer.Spectral, output.Elements / example[0]);
            context.Options.Progress?.Invoke((double)Interlocked.Increment(ref done) / layers.Length);

            double Norm()
            {
                var call = network.Call(node, values);
                double[] bounds = [.. node.Inputs.Select((name, j) => network.DependsOnData.Contains(name) && !op.IsOffset(j) ? 1.0 : 0)];
                return op.Lipschitz(new LipschitzCall(call, bounds, output, () => LipschitzBound.Iterated(network, op, call, bounds, norms))) ?? double.NaN;
            }
        });
        return [.. found];
    }
}
