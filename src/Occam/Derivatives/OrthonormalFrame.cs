using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The first vectors of a random basis of Rⁿ (Haar), as the product V = G R⁻¹ of a Gaussian matrix and a triangular one, so that what is
/// asked of few vectors, A V = (A G) R⁻¹, needs no V. Where n is much larger than their number, R is the Cholesky factor of GᵀG, which
/// is then near n times the identity; elsewhere V is taken from the QR decomposition.
/// </summary>
internal sealed class OrthonormalFrame
{
    // Then GᵀG / n has its eigenvalues between about 1/4 and 9/4.
    private const int Taller = 4;

    private readonly Tensor _columns;
    private readonly Tensor? _cholesky;

    private OrthonormalFrame(Tensor columns, Tensor? cholesky) => (_columns, _cholesky) = (columns, cholesky);

    /// <summary>Draws one. The Gaussian numbers are of float32 for any type, so that all types see the same directions.</summary>
    /// <param name="dimensions">n.</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="like">What has the type and the device.</param>
    /// <param name="generator">Where the random numbers come from.</param>
    public static OrthonormalFrame Of(long dimensions, int count, Tensor like, Generator generator)
    {
        var normal = Tensor.Randn([dimensions, count], generator);
        if (count > dimensions / Taller)
        {
            var (q, r) = normal.To(ScalarType.Float64).OrthogonalAndTriangular();
            return new OrthonormalFrame((q * r.Diagonal().Sign()).To(like.ScalarType).To(like.Device), null);
        }

        var columns = like.ScalarType == ScalarType.Float64 ? normal.To(ScalarType.Float64) : normal;
        var cholesky = columns.T().MatMul(columns).Cholesky();
        return like.ScalarType == columns.ScalarType
            ? new OrthonormalFrame(columns.To(like.Device), cholesky.To(like.Device))
            : new OrthonormalFrame(columns.OverTransposed(cholesky).To(like.ScalarType).To(like.Device), null);
    }

    /// <summary>A V.</summary>
    /// <param name="rows">A: any × n.</param>
    public Tensor Along(Tensor rows) => OverTriangle(rows.MatMul(_columns));

    /// <summary>Vᵀ: count × n.</summary>
    public Tensor Directions() => OverTriangle(_columns).T().Contiguous();

    private Tensor OverTriangle(Tensor product) => _cholesky is null ? product : product.OverTransposed(_cholesky);
}
