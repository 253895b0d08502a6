namespace Occam.Measures.Weights;

/// <summary>ln Π_i ‖W_i‖_F² (Jiang et al. 2020, eq. 37). See <see cref="LogNorm"/>.</summary>
public sealed record LogProdOfFro() : LogNorm(
    "log-prod-of-fro", "Log product of Frobenius norms", "eq. 37",
    "$ln ∏_i ‖W_i‖_F²$ over the layers", isSpectral: false)
{
    /// <inheritdoc/>
    public override string Meaning => "How large the layers’ weights are, multiplied over the layers, as a logarithm.";
}

/// <summary>ln (Π_i ‖W_i‖_F² / γ²) (Jiang et al. 2020, eq. 36). See <see cref="LogNorm"/>.</summary>
public sealed record LogProdOfFroOverMargin() : LogNorm(
    "log-prod-of-fro-over-margin", "Log product of Frobenius norms over margin", "eq. 36",
    "$ln({∏_i ‖W_i‖_F²}/γ²)$ over the layers", isSpectral: false, overMargin: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How large the layers’ weights are for the margin that they make, as a logarithm.";
}

/// <summary>ln Π_i ‖W_i‖_2² (Jiang et al. 2020, eq. 32). See <see cref="LogNorm"/>.</summary>
public sealed record LogProdOfSpec() : LogNorm(
    "log-prod-of-spec", "Log product of spectral norms", "eq. 32",
    "$ln ∏_i ‖W_i‖_2²$ over the layers", isSpectral: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the layers can amplify, multiplied over the layers, as a logarithm.";
}

/// <summary>ln (Π_i ‖W_i‖_2² / γ²) (Jiang et al. 2020, eq. 31). See <see cref="LogNorm"/>.</summary>
public sealed record LogProdOfSpecOverMargin() : LogNorm(
    "log-prod-of-spec-over-margin", "Log product of spectral norms over margin", "eq. 31",
    "$ln({∏_i ‖W_i‖_2²}/γ²)$ over the layers", isSpectral: true, overMargin: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the layers can amplify for the margin that they make, as a logarithm.";
}

/// <summary>ln (d (Π_i ‖W_i‖_F²)^(1/d)) (Jiang et al. 2020, eq. 39). See <see cref="LogNorm"/>.</summary>
public sealed record LogSumOfFro() : LogNorm(
    "log-sum-of-fro", "Log sum of Frobenius norms", "eq. 39",
    "$ln(d (∏_i ‖W_i‖_F²)^{1/d})$ over the $d$ layers", isSpectral: false, isSum: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How large the weights of a typical layer are, times the layers, as a logarithm.";
}

/// <summary>ln (d (Π_i ‖W_i‖_F² / γ²)^(1/d)) (Jiang et al. 2020, eq. 38). See <see cref="LogNorm"/>.</summary>
public sealed record LogSumOfFroOverMargin() : LogNorm(
    "log-sum-of-fro-over-margin", "Log sum of Frobenius norms over margin", "eq. 38",
    "$ln(d ({∏_i ‖W_i‖_F²}/γ²)^{1/d})$ over the $d$ layers", isSpectral: false, overMargin: true, isSum: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How large the weights of a typical layer are for the margin that they make, as a logarithm.";
}

/// <summary>ln (d (Π_i ‖W_i‖_2²)^(1/d)) (Jiang et al. 2020, eq. 35). See <see cref="LogNorm"/>.</summary>
public sealed record LogSumOfSpec() : LogNorm(
    "log-sum-of-spec", "Log sum of spectral norms", "eq. 35",
    "$ln(d (∏_i ‖W_i‖_2²)^{1/d})$ over the $d$ layers", isSpectral: true, isSum: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How much a typical layer can amplify, times the layers, as a logarithm.";
}

/// <summary>ln (d (Π_i ‖W_i‖_2² / γ²)^(1/d)) (Jiang et al. 2020, eq. 34). See <see cref="LogNorm"/>.</summary>
public sealed record LogSumOfSpecOverMargin() : LogNorm(
    "log-sum-of-spec-over-margin", "Log sum of spectral norms over margin", "eq. 34",
    "$ln(d ({∏_i ‖W_i‖_2²}/γ²)^{1/d})$ over the $d$ layers", isSpectral: true, overMargin: true, isSum: true)
{
    /// <inheritdoc/>
    public override string Meaning => "How much a typical layer can amplify for the margin that the network makes, as a logarithm.";
}
