using Occam.Measures.Weights;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam compare A.safetensors B.safetensors --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="A">The path of the weights with which is compared.</param>
/// <param name="B">The path of those that are judged.</param>
/// <param name="Numbers">How many numbers were compared.</param>
/// <param name="Norm">The root of the sum of the squares of A's.</param>
/// <param name="Distance">The same of B − A.</param>
/// <param name="Matrices">The tensors of at least two dimensions that are in both, as matrices, in the order of their names.</param>
/// <param name="NotCompared">The tensors that aren't compared.</param>
public sealed record WeightComparisonDocument(
    string Occam, string A, string B, long Numbers, double Norm, double Distance,
    IReadOnlyList<WeightComparisonDocument.MatrixEntry> Matrices, IReadOnlyList<WeightComparisonDocument.LeftEntry> NotCompared)
{
    internal static WeightComparisonDocument Of(WeightComparison comparison) => new(
        RunEnvironment.Version, comparison.PathOfA, comparison.PathOfB, comparison.Compared, comparison.Norm, comparison.Distance,
        [
            .. comparison.Changes.Select(change => new MatrixEntry(
                change.Name, [.. change.Shape], change.Norm, change.NormOfB, change.Distance, change.Spectral, change.StableRank,
                change.EffectiveRank, LawEntry.Of(change.FitOfA), LawEntry.Of(change.FitOfB), [.. change.A], [.. change.B],
                [.. change.Update])),
        ],
        [.. comparison.Unpaired.Select(left => new LeftEntry(left.Node, left.Why))]);

    /// <summary>A matrix in both files.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Shape">Its sizes.</param>
    /// <param name="NormOfA">The Frobenius norm of A's.</param>
    /// <param name="NormOfB">That of B's.</param>
    /// <param name="Distance">That of the update B − A.</param>
    /// <param name="SpectralDistance">The update's largest singular value.</param>
    /// <param name="StableRank">The update's squared Frobenius norm over its squared spectral norm; 0 where nothing changed.</param>
    /// <param name="EffectiveRank">The update's effective rank; 0 where nothing changed.</param>
    /// <param name="LawOfA">The power law of A's eigenvalues.</param>
    /// <param name="LawOfB">That of B's.</param>
    /// <param name="EigenvaluesOfA">A's squared singular values, largest first.</param>
    /// <param name="EigenvaluesOfB">B's.</param>
    /// <param name="EigenvaluesOfUpdate">The update's.</param>
    public sealed record MatrixEntry(
        string Name, IReadOnlyList<long> Shape, double NormOfA, double NormOfB, double Distance, double SpectralDistance, double StableRank,
        double EffectiveRank, LawEntry LawOfA, LawEntry LawOfB, IReadOnlyList<double> EigenvaluesOfA, IReadOnlyList<double> EigenvaluesOfB,
        IReadOnlyList<double> EigenvaluesOfUpdate);

    /// <summary>A power law fitted to a spectrum.</summary>
    /// <param name="Alpha">Its exponent; null where none was fitted.</param>
    /// <param name="StandardError">The exponent's standard error by the bootstrap.</param>
    /// <param name="From">The smallest eigenvalue of its range.</param>
    /// <param name="Plausibility">The share of samples of the law that lie further from their fits.</param>
    /// <param name="NoGrade">Why the exponent is no grade; null where it is.</param>
    public sealed record LawEntry(double? Alpha, double? StandardError, double? From, double? Plausibility, string? NoGrade)
    {
        internal static LawEntry Of(PowerLawFit fit) => fit.Tail is { } tail
            ? new LawEntry(tail.Alpha, fit.Alpha.StandardError, tail.From, fit.Plausibility, fit.Why)
            : new LawEntry(null, null, null, null, fit.Why);
    }

    /// <summary>A tensor that isn't compared.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Why">Why.</param>
    public sealed record LeftEntry(string Name, string Why);
}
