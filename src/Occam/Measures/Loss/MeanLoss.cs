using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// The mean cross-entropy over the data, natural logarithm: of the softmax of the logits, of the sigmoid of one output with labels 0 and 1.
/// An example with answers by position has the mean over those that count. Evaluation mode; exact.
/// </summary>
public sealed record MeanLoss() : Measure(
    "loss", "Mean loss", "cross-entropy",
    "$1/|D| Σ_{x∈D} ℓ(f(x), y)$, $ℓ$ the cross-entropy of the probabilities", MeasureNeeds.Data | MeasureNeeds.Labels)
{
    /// <inheritdoc/>
    public override string Meaning => "How surprised the network is by the right answers, on average.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        using var grad = Libtorch.NoGrad();
        var answers = Answers.Of(context);
        var losses = context.ByExample(
            "losses", batch => [answers.Losses(batch.Function.Forward(batch.Inputs), batch.Indices).ToArray<double>()])[0];
        return Blank.WithMean(SampledMean.Exact(losses) with { Notes = [.. answers.Notes] }) with
        {
            Details = [new("perplexity", Math.Exp(losses.Average())), new("maximum", losses.Max())],
        };
    }
}
