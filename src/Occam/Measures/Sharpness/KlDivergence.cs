using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// α⁻² Σ (w_i/(10|w_i| + 1))², which Neyshabur et al. 2017 call the KL divergence and plot against expected sharpness
/// (Appendix A, fig. 2): the squared ℓ2 norm of the weights over the standard deviations of their perturbations. It is twice
/// the divergence from a Gaussian prior at the origin that has these same standard deviations; <c>gaussian-kl</c> is the
/// divergence from a prior that doesn't depend on the weights. Batch normalization folded. Exact.
/// </summary>
/// <param name="Alpha">The size α of the perturbations.</param>
public sealed record KlDivergence(double Alpha = 0.005) : Measure(
    "kl-divergence", "KL divergence, as plotted", "Neyshabur et al. 2017, App. A",
    "$1/α² Σ_i (w_i/(10|w_i| + 1))²$", MeasureNeeds.Graph)
{
    /// <summary>Σ (w_i/(10|w_i| + 1))².</summary>
    internal static double WeightedNorm(WeightSpace weights)
    {
        using var grad = Libtorch.NoGrad();
        return weights.Sum(w => (w / GaussianNoise.MagnitudeScale(w)).Square());
    }

    /// <inheritdoc/>
    public override string Meaning =>
        "How much a bound on the error has to pay for these weights, up to a factor, as the paper plots it.";

    /// <inheritdoc/>
    public override string? Problem() => PerturbationProblems.OfAlpha(Alpha);

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (WeightSpace.Of(context.FromModelInputs, out var why, WeightUse.Fixed) is not { } weights)
        {
            return Blank with { NotApplicable = why };
        }

        return Blank with { Value = WeightedNorm(weights) / (Alpha * Alpha), Details = [new("alpha", Alpha)] };
    }
}
