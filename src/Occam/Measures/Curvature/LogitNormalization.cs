using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// Logits over their own standard deviation, z/√(1/k Σ_j (z_j − z̄)²), so that a loss doesn't fall by their growing (Andriushchenko et al.
/// 2023).
/// </summary>
internal static class LogitNormalization
{
    /// <summary>Why there is none, or null.</summary>
    public static string? Problem(MeasureContext context) =>
        context.Data!.Labels is null ? "needs class labels to normalize logits"
        : context.HasPositions || context.Outputs < 2
            ? "needs several logits an example to normalize them by their deviation, and not by position" : null;

    /// <summary>The logits, normalized, in float64.</summary>
    public static Tensor Of(Tensor logits)
    {
        var wide = logits.To(ScalarType.Float64);
        var centred = wide - wide.Mean([1], keep: true);
        return wide / centred.Square().Mean([1], keep: true).Sqrt();
    }
}
