using System.Numerics.Tensors;

namespace Occam.Measures.Posterior;

/// <summary>
/// The density of weights near w* that is proportional to exp(−nβ (L(w) − L(w*)) − (γ/2) ‖w − w*‖²) (Lau et al. 2023).
/// </summary>
/// <param name="Origin">w*.</param>
/// <param name="InverseTemperature">nβ.</param>
/// <param name="Localization">γ, above 0.</param>
internal sealed record LocalPosterior(double[] Origin, double InverseTemperature, double Localization)
{
    /// <summary>The localization that lets each weight move as far as the weights are large, γ = d/‖w*‖²; 1 where w* = 0.</summary>
    public static double OwnLocalization(double[] origin)
    {
        var squared = TensorPrimitives.SumOfSquares<double>(origin);
        return squared > 0 ? origin.Length / squared : 1;
    }
}
