using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// The spectral complexity over the margin, Π_i ‖W_i‖_2 · (Σ_j (‖(W_j − W_j⁰)ᵀ‖_{2,1} / ‖W_j‖_2)^(2/3))^(3/2) / γ (Bartlett, Foster
/// &amp; Telgarsky 2017, eq. 1.2; ρ = 1), the reference W⁰ being the weights at initialization. ‖Aᵀ‖_{2,1} is the sum over
/// units of the norms of their incoming weights. <c>fromOrigin</c> has the reference 0. Convolutions count with the true
/// operator norm where the bound wants a Lipschitz constant; <c>byReshapedMatrix</c> has the other.
/// </summary>
public sealed record SpectrallyNormalizedMargin() : WeightMeasure(
    "spectrally-normalized-margin", "Spectrally normalized margin bound", "Bartlett et al. 2017, eq. 1.2",
    "$∏_i ‖W_i‖_2 (Σ_i (‖(W_i − W_i⁰)ᵀ‖_{2,1}/‖W_i‖_2)^{2/3})^{3/2}/γ$", MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "What a bound on the error pays for how much the layers amplify and how far training has moved them, for the "
            + "margin that they make.";

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var margin = MarginNormalization.Margin(context);
        if (MarginNormalization.Why(margin) is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        if (layers.FirstOrDefault(layer => layer.FrobeniusSquared == 0) is { } dead)
        {
            return Blank with { NotApplicable = $"divides by the norm of '{dead.Name}', whose weights are all 0" };
        }

        var ln = Math.Log(margin!.Value);
        double Ln(IEnumerable<double> norms, IEnumerable<WeightLayer> changes)
        {
            double[] all = [.. norms];
            return all.Sum(Math.Log)
                + (1.5 * Math.Log(changes.Zip(all, (change, norm) => Math.Pow(change.RowNormSum / norm, 2.0 / 3)).Sum())) - ln;
        }

        var changes = context.WeightsFromInitialization;
        var layersAsMaps = LayerOperators.Of(context)!.Value;
        double[] operators = [.. layersAsMaps.Select(layer => layer.Norm)];
        var value = Ln(operators, changes);

        // The sum falls where a norm rises, so that the whole is at most as much too large as the product.
        var slack = layersAsMaps.Aggregate(1.0, (product, layer) => product * layer.Slack);
        var bound = Math.Exp(value);
        return Blank with
        {
            Quantity = slack > 1 ? Uncertain.Iterated(bound, bound * (1 - (1 / slack))) : bound,
            Details =
            [
                new("ln", value), new("fromOrigin", Math.Exp(Ln(operators, layers))),
                new("byReshapedMatrix", Math.Exp(
                    Ln(WeightLayer.SpectralNorms(layers, context.Options.Cancellation), changes))),
                new("margin", margin.Value),
            ],
        };
    }
}
