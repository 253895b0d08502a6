using System.Collections.Immutable;

namespace Occam.Measures.Weights;

/// <summary>A matrix in two files of weights, and what was added to it from one to the other: the update Δ = B − A.</summary>
/// <param name="Name">Its name in both files.</param>
/// <param name="Shape">Its sizes; of more than two dimensions it is the first by all others.</param>
/// <param name="A">The squared singular values of A, largest first.</param>
/// <param name="B">Those of B.</param>
/// <param name="Update">Those of Δ.</param>
/// <param name="FitOfA">The power law fitted to A's, or why it gets no grade.</param>
/// <param name="FitOfB">The same of B's.</param>
internal sealed record WeightChange(
    string Name, ImmutableArray<long> Shape, ImmutableArray<double> A, ImmutableArray<double> B, ImmutableArray<double> Update,
    PowerLawFit FitOfA, PowerLawFit FitOfB)
{
    /// <summary>‖A‖_F.</summary>
    public double Norm => Math.Sqrt(A.Sum());

    /// <summary>‖B‖_F.</summary>
    public double NormOfB => Math.Sqrt(B.Sum());

    /// <summary>‖Δ‖_F.</summary>
    public double Distance => Math.Sqrt(Update.Sum());

    /// <summary>‖Δ‖_F/‖A‖_F; infinite where A is 0 and B isn't, 0 where both are.</summary>
    public double Relative => Distance == 0 ? 0 : Distance / Norm;

    /// <summary>σ_max(Δ).</summary>
    public double Spectral => Math.Sqrt(Update[0]);

    /// <summary>‖Δ‖_F²/σ_max(Δ)², at most the rank of the update; 0 where nothing changed.</summary>
    public double StableRank => Update[0] == 0 ? 0 : Update.Sum() / Update[0];

    /// <summary>exp(−Σ p ln p), p the parts of Δ's singular values in their sum: at most its rank; 0 where nothing changed.</summary>
    public double EffectiveRank => WeightSpectrum.EffectiveRank(Update);
}
