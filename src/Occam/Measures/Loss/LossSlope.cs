namespace Occam.Measures.Loss;

/// <summary>
/// The slope of the loss surface, ‖∇_θ L‖² for the mean cross-entropy L over the data (Dherin et al. 2021, §4 and
/// fig. 2), and beside it 1/|D| Σ_x ‖∇_θ L_x‖² over single examples, the quantity that implicit gradient
/// regularization of SGD puts pressure on (Dherin et al. 2021, eq. 6; Dherin et al. 2022, §5).
/// <para>
/// θ: the network's own parameters, batch normalization not folded (running statistics are not parameters).
/// Evaluation mode. Cross-entropy of softmax with logits, natural logarithm; of a sigmoid for one output (labels 0 and 1). Exact.
/// </para>
/// </summary>
public sealed record LossSlope() : Measure(
    "loss-slope", "Loss-surface slope", "Dherin et al. 2021, §4; Dherin et al. 2022, §5",
    "$‖∇_θ L‖²$, $L$ the mean cross-entropy; beside it the mean over examples of $‖∇_θ L_x‖²$",
    MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.WeightDerivative)
{
    /// <inheritdoc/>
    public override string Meaning => "How steep the loss is in the weights: 0 at a minimum.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var gradient = LossGradient.Of(context);
        if (gradient is null)
        {
            return Blank with { NotApplicable = "the network has no parameters" };
        }

        return Blank with
        {
            Value = gradient.SquaredNorm,
            Details = [new("perExample", gradient.PerExample.Average()), new("loss", gradient.Loss)],
            PerExample = [.. gradient.PerExample],
            Layers = gradient.ByParameter,
            Notes = ["by layer: the part of each parameter tensor", .. gradient.Notes],
        };
    }
}
