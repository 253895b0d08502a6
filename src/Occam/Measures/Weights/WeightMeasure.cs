using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// A measure of the weights of a network's layers, batch normalization folded. W_i is a layer's weights as a matrix:
/// units × incoming weights; for a convolution output channels × (input channels · window), the reshaped matrix of
/// published code. Biases don't count. In float64.
/// </summary>
public abstract record WeightMeasure : Measure
{
    /// <summary>Says what a measure is; the graph is needed in any case.</summary>
    private protected WeightMeasure(string id, string title, string source, string definition, MeasureNeeds needs = MeasureNeeds.None)
        : base(id, title, source, definition, MeasureNeeds.Graph | needs)
    {
    }

    /// <inheritdoc/>
    public sealed override bool HoldsInputs => true;

    internal sealed override bool IsOfWeightsAlone => !Needs.HasFlag(MeasureNeeds.Data);

    /// <inheritdoc/>
    public sealed override bool IsByExample => true;

    /// <inheritdoc/>
    protected sealed override MeasureResult Compute(MeasureContext context)
    {
        var layers = context.WeightLayers;
        if (layers.All.IsEmpty)
        {
            return Blank with { NotApplicable = "needs layers with weights, and the network has none", Skipped = layers.Skipped };
        }

        var result = Of(context, layers.All);
        return result with { Skipped = [.. layers.Skipped, .. result.Skipped], Notes = [.. layers.Notes, .. result.Notes] };
    }

    private protected abstract MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers);
}
