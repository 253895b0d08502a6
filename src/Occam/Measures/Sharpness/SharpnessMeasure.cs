namespace Occam.Measures.Sharpness;

/// <summary>
/// A measure of how the training loss changes when the weights do. Weights: all parameters of the network with batch
/// normalization folded into them, biases too; evaluation mode. Loss: mean cross-entropy over the data, natural logarithm.
/// </summary>
public abstract class SharpnessMeasure : Measure
{
    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Graph;

    /// <inheritdoc/>
    protected sealed override MeasureResult Compute(MeasureContext context)
    {
        if (LossSurface.Of(context, out var why) is not { } surface)
        {
            return Blank with { NotApplicable = why };
        }

        var result = Compute(context, surface);
        var folded = context.Subject.Folding!.Folded.Length > 0 ? ["the weights are those of the network with batch normalization folded into them"] : (string[])[];
        return result with { Notes = [.. result.Notes, .. folded] };
    }

    /// <summary>The computation itself, on the surface of the loss.</summary>
    private protected abstract MeasureResult Compute(MeasureContext context, LossSurface surface);
}
