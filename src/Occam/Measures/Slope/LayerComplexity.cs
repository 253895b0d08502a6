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
        var directions = SampledMean.Directions(context.Options.Directions ?? DefaultDirections, context.WholeCount());
        var found = context.ByExample("squared-norms-by-layer", batch =>
        {
            using var generator = context.Generator(batch);
            return [.. Enumerable.Range(0, directions).SelectMany(_ => InOneDirection(context, batch, outputs, generator))];
        });
        double[][] Samples(int layer) =>
        [
            .. Enumerable.Range(0, context.Data!.Count).Select(i => Enumerable.Range(0, directions)
                .Select(direction => found[(direction * layers.Length) + layer][i]).ToArray()),
        ];
        return [.. layers.Select((layer, i) => new LayerValue(layer.Name, Uncertain.MeanOverExamples(Samples(i))))];
    }

    // By layer, d ‖(∂h/∂x) u‖² of each example for a random unit tangent u.
    private static double[][] InOneDirection(MeasureContext context, ExampleBatch batch, string[] outputs, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var forward = new ForwardAutogradScope();
        using var grad = Libtorch.EnableGrad();
        var examples = BatchPadding.To(context.Subject.FixedBatch, batch.Inputs);
        var tangent = InputJacobian.RandomUnit(examples.Shape, examples, generator);
        var values = batch.Network!.Run(forward.MakeDual(examples, tangent), outputs);
        return Array.ConvertAll(outputs, output =>
        {
            var moved = forward.Tangent(values[output])?.Detach();
            var squares = moved is null
                ? new double[batch.Count]
                : SumOfSquares.ByExample(moved)[..batch.Count];
            return Array.ConvertAll(squares, square => square * context.Inputs);
        });
    }
}
