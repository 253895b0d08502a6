using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Slope;

/// <summary>
/// The geometric complexity of every layer's output as a function of the network's input, by random unit
/// tangents: d ‖(∂h/∂x) u‖² is unbiased for ‖∂h/∂x‖_F², and one forward-mode pass gives it for all layers.
/// </summary>
internal static class LayerComplexity
{
    private const int DefaultDirections = 8;

    /// <summary>The layers with weights, in order.</summary>
    public static ImmutableArray<LayerValue> ByLayer(MeasureContext context)
    {
        if (context.Subject.Folded is not { } network)
        {
            return [];
        }

        var layers = network.ActiveNodes
            .Where(node => network.Parameters.Any(parameter => parameter.Value.Dimensions > 1 && node.Inputs.Contains(parameter.Name)))
            .ToArray();
        var outputs = layers.Select(layer => layer.Output).ToArray();
        var directions = SampledMean.Directions(context.Options.Directions ?? DefaultDirections, context.Data!.Count);
        using var generator = new Generator((ulong)context.Options.Seed, network.Device);
        var samples = layers.Select(_ => new double[context.Data.Count][]).ToArray();
        foreach (var batch in context.Batches())
        {
            for (var direction = 0; direction < directions; direction++)
            {
                using var scope = Libtorch.NewDisposeScope();
                using var forward = new ForwardAutogradScope();
                using var grad = Libtorch.EnableGrad();
                var examples = BatchPadding.To(context.Subject.FixedBatch, batch.Inputs);
                var tangent = InputJacobian.RandomUnit(examples.Shape, examples, generator);
                var values = batch.Network!.Run(forward.MakeDual(examples, tangent), outputs);
                for (var layer = 0; layer < layers.Length; layer++)
                {
                    var moved = forward.Tangent(values[outputs[layer]])?.Detach();
                    var squares = moved is null
                        ? new double[examples.Size(0)]
                        : InputJacobian.SquaredNormByExample(moved).ToArray<double>();
                    for (var i = 0; i < batch.Count; i++)
                    {
                        (samples[layer][batch.Start + i] ??= new double[directions])[direction] = squares[i] * context.Inputs;
                    }
                }
            }
        }

        return [.. layers.Zip(samples, (layer, sample) => new LayerValue(layer.Name, Uncertain.MeanOverExamples(sample)))];
    }
}
