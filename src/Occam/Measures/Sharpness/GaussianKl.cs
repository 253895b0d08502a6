namespace Occam.Measures.Sharpness;

/// <summary>
/// The exact KL divergence of the perturbed weights from a Gaussian prior at the origin (the KL term of Neyshabur et al.
/// 2017, eq. 5 and 6): KL(N(w, diag s²) ‖ N(0, λ²)) = ½ Σ ((s_i² + w_i²)/λ² − 1 − ln(s_i²/λ²)), s_i = α(10|w_i| + 1). The
/// prior's λ must not depend on the weights: it is α, the standard deviation of the perturbation of a weight of 0. Batch
/// normalization folded. Exact, in float64.
/// </summary>
/// <param name="Alpha">The size α of the perturbations.</param>
public sealed record GaussianKl(double Alpha = 0.005) : Measure(
    "gaussian-kl", "Gaussian KL divergence", "Neyshabur et al. 2017, eq. 5",
    "$KL(N(w, diag s²) ∥ N(0, α²))$, $s_i = α(10|w_i| + 1)$", MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning => "How much a bound on the error has to pay for weights that are known to this precision.";

    /// <inheritdoc/>
    public override string? Problem() => PerturbationProblems.OfAlpha(Alpha);

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (WeightSpace.Of(context.FromModelInputs, out var why, WeightUse.Fixed) is not { } weights)
        {
            return Blank with { NotApplicable = why };
        }

        var sums = ScaledWeights.Of(weights);
        var (total, norm) = sums.Divergence(Alpha, Alpha);
        var best = Math.Sqrt(((Alpha * Alpha * sums.ScaleSquares) + sums.Squares) / sums.Count);
        return Blank with
        {
            Value = total,
            Details =
            [
                new("alpha", Alpha), new("norm", norm), new("variances", total - norm),
                new("equalVariances", KlDivergence.WeightedNorm(weights) / (2 * Alpha * Alpha)),
                new("least", sums.Divergence(Alpha, best).Total), new("least.priorDeviation", best),
            ],
            Notes = ["'least' is over the prior's standard deviation, which then depends on the weights"],
        };
    }
}
