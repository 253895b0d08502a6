using System.Collections.Immutable;

namespace Occam.Measures.Weights;

/// <summary>A tensor of at least two dimensions in a file of weights, as a matrix: units × all else, as of a convolution.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its element type as the file writes it.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="FrobeniusSquared">‖W‖_F².</param>
/// <param name="Spectral">σ_max(W); of a convolution's reshaped weights, which bounds nothing.</param>
public sealed record StoredMatrix(string Name, string Type, ImmutableArray<long> Shape, double FrobeniusSquared, double Spectral)
{
    /// <summary>‖W‖_F²/σ_max², at most the rank; 0 for a matrix of zeros.</summary>
    public double StableRank => FrobeniusSquared == 0 ? 0 : FrobeniusSquared / (Spectral * Spectral);
}
