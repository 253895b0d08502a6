using System.Collections.Immutable;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// The logarithmic norm measures of Jiang et al. 2020 (Appendix C.3) under the names of Dziugaite et al. 2020: functions of
/// the squared norms of the layers' matrices, and of the margin γ (the 5th percentile here; the papers take the 10th). The
/// published code takes |γ|; here a margin that isn't positive gives no value. Natural logarithms, and no division by
/// the number of examples or root, which that code adds. Spectral norms are of the reshaped matrices; the detail
/// <c>byOperatorNorm</c> has the same with the true operator norms of convolutions.
/// </summary>
public abstract record LogNorm : WeightMeasure
{
    private readonly bool _isSpectral;
    private readonly bool _overMargin;
    private readonly bool _isSum;

    /// <summary>Says what a logarithm is.</summary>
    private protected LogNorm(
        string id, string title, string equation, string definition,
        bool isSpectral, bool overMargin = false, bool isSum = false, MeasureNeeds needs = MeasureNeeds.None)
        : base(
            id, title, $"Jiang et al. 2020, {equation}; Dziugaite et al. 2020", definition,
            needs | (overMargin ? MeasureNeeds.Data | MeasureNeeds.Labels : MeasureNeeds.None))
    {
        _isSpectral = isSpectral;
        _overMargin = overMargin;
        _isSum = isSum;
    }

    private protected sealed override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var lnMargin = 0.0;
        if (_overMargin)
        {
            var margin = MarginNormalization.Margin(context);
            if (MarginNormalization.Why(margin) is { } why)
            {
                return Blank with { NotApplicable = why };
            }

            lnMargin = Math.Log(margin!.Value);
        }

        if (layers.FirstOrDefault(layer => layer.FrobeniusSquared == 0) is { } dead)
        {
            return Blank with { NotApplicable = $"is the logarithm of 0: all weights of '{dead.Name}' are 0" };
        }

        double By(double[] squares) => Ln(context, layers, squares, squares.Sum(Math.Log) - (2 * lnMargin));
        double[] own = _isSpectral
            ? [.. WeightLayer.SpectralNorms(layers, context.Options.Cancellation).Select(norm => norm * norm)]
            : [.. layers.Select(layer => layer.FrobeniusSquared)];
        return Blank with
        {
            Value = By(own),
            Details =
            [
                new("layers", layers.Length),
                .. _isSpectral && LayerOperators.Of(context) is { } operators
                    ? [new KeyValuePair<string, double>("byOperatorNorm", By([.. operators.Select(layer => layer.Norm * layer.Norm)]))]
                    : Array.Empty<KeyValuePair<string, double>>(),
            ],
        };
    }

    /// <summary>
    /// The value; unless said otherwise ln Π, or ln (d Π^(1/d)), the sum over d layers after units were rescaled so that all have one norm.
    /// </summary>
    /// <param name="context">What is measured.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="squares">Their squared norms.</param>
    /// <param name="lnProduct">ln Π of those, less ln γ² where it is over the margin.</param>
    private protected virtual double Ln(MeasureContext context, ImmutableArray<WeightLayer> layers, double[] squares, double lnProduct) =>
        _isSum ? Math.Log(layers.Length) + (lnProduct / layers.Length) : lnProduct;
}
