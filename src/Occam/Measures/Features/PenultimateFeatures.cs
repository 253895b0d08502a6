using Occam.Torch;

namespace Occam.Measures.Features;

/// <summary>The features φ(x) that the last dense layer of a network takes, f = W φ + b: one vector an example.</summary>
/// <param name="Value">The name of their value in the graph.</param>
/// <param name="Node">The name of the layer.</param>
/// <param name="Weight">W, outputs × features, in float64.</param>
internal sealed record PenultimateFeatures(string Value, string Node, Tensor Weight)
{
    /// <summary>How many features there are.</summary>
    public int Count => (int)Weight.Size(1);

    /// <summary>The features of what the context measures, found once a run; otherwise why there are none.</summary>
    public static PenultimateFeatures? Of(MeasureContext context, out string? why)
    {
        var found = context.Shared(default(Key), () => new Found(Find(context)));
        why = found.Features is null ? "needs a dense layer at the end, of one vector an example, and the network has none" : null;
        return found.Features;
    }

    /// <summary>The features as the function that is measured, where there are any; once a run.</summary>
    public static MeasureContext Inner(MeasureContext context) => context.Shared(default(InnerKey), () => new MeasureContext(
        context.Subject.Inner(Of(context, out _)!.Value), context.Data, context.Options with { Values = null }));

    /// <summary>φ of a batch in float64, a row an example.</summary>
    /// <exception cref="OccamException">They are not one vector an example.</exception>
    public Tensor Run(MeasureContext context, ExampleBatch batch)
    {
        var rows = context.Subject.At(context.Subject.Folded!.WithOutput(Value)).Forward(batch.Inputs);
        return rows.Size(0) == batch.Count && rows.Size(1) == Count ? rows.To(Device.Cpu).To(ScalarType.Float64)
            : throw new OccamException($"the value '{Value}' is {rows.Size(0)} × {rows.Size(1)} for {batch.Count} examples: expected "
                + $"{Count} features for each");
    }

    // From the output back: over biases and what only renames, to the first dense layer.
    private static PenultimateFeatures? Find(MeasureContext context)
    {
        using var grad = Libtorch.NoGrad();
        var network = context.Subject.Folded!;
        var value = network.Output;
        while (network.Graph.Producers.TryGetValue(value, out var node) && node.Inputs.Count(network.Graph.Varying.Contains) == 1)
        {
            var at = node.Inputs.Index().First(input => network.Graph.Varying.Contains(input.Item)).Index;
            var operation = network.Operators[node];
            if (at == 0 && operation.DenseWeight(node, network.Constant) is { } weight)
            {
                return weight.Size(0) == context.Outputs && node.Inputs[0] != network.Graph.Input.Name
                    ? new PenultimateFeatures(
                        node.Inputs[0], node.Name, weight.Detach().To(Device.Cpu).To(ScalarType.Float64).DetachFromDisposeScope())
                    : null;
            }

            if (!(node.Inputs.Length == 2 && operation.IsBias(1 - at)) && !(at == 0 && operation.KeepsNumbersInOrder(node)))
            {
                return null;
            }

            value = node.Inputs[at];
        }

        return null;
    }

    private sealed record Found(PenultimateFeatures? Features);

    private readonly record struct Key;

    private readonly record struct InnerKey;
}
