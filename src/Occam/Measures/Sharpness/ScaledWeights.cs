using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>What KL divergences of weights w_i, perturbed by N(0, s_i²) with s_i = α c_i, c_i = 10|w_i| + 1, are made of.</summary>
/// <param name="Count">n, how many weights there are.</param>
/// <param name="Squares">Σ w_i².</param>
/// <param name="ScaleSquares">Σ c_i².</param>
/// <param name="ScaleLogarithms">Σ ln c_i.</param>
internal sealed record ScaledWeights(long Count, double Squares, double ScaleSquares, double ScaleLogarithms)
{
    /// <summary>The sums over all weights of a space, in float64, parameter by parameter.</summary>
    public static ScaledWeights Of(WeightSpace weights)
    {
        using var grad = Libtorch.NoGrad();
        return new ScaledWeights(
            weights.Size,
            weights.Sum(w => w.Square()),
            weights.Sum(w => GaussianNoise.MagnitudeScale(w).Square()),
            weights.Sum(w => GaussianNoise.MagnitudeScale(w).Log()));
    }

    /// <summary>KL(N(w, diag s²) ‖ N(0, λ²)), and of it ½ Σ w²/λ².</summary>
    public (double Total, double Norm) Divergence(double alpha, double lambda)
    {
        var (norm, ratio) = (Squares / (lambda * lambda) / 2, alpha / lambda);
        return (norm + (((ratio * ratio * ScaleSquares) - Count - (2 * ((Count * Math.Log(ratio)) + ScaleLogarithms))) / 2), norm);
    }
}
