namespace Occam.Torch;

/// <content>Products of matrices, and decompositions.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_addmmInPlace = new("aten::addmm_");
    private static readonly TorchOperator s_addmvInPlace = new("aten::addmv_");
    private static readonly TorchOperator s_bmm = new("aten::bmm");
    private static readonly TorchOperator s_choleskyInverse = new("aten::cholesky_inverse");
    private static readonly TorchOperator s_choleskySolve = new("aten::cholesky_solve");
    private static readonly TorchOperator s_einsum = new("aten::einsum");
    private static readonly TorchOperator s_linalgCholesky = new("aten::linalg_cholesky");
    private static readonly TorchOperator s_linalgCholeskyEx = new("aten::linalg_cholesky_ex");
    private static readonly TorchOperator s_linalgEigh = new("aten::linalg_eigh");
    private static readonly TorchOperator s_linalgEigvalsh = new("aten::linalg_eigvalsh");
    private static readonly TorchOperator s_linalgSolveTriangular = new("aten::linalg_solve_triangular");
    private static readonly TorchOperator s_linalgSvdvals = new("aten::linalg_svdvals");
    private static readonly TorchOperator s_linalgQr = new("aten::linalg_qr");
    private static readonly TorchOperator s_atenLinear = new("aten::linear");
    private static readonly TorchOperator s_linear = new("occam::linear");
    private static readonly TorchOperator s_matmul = new("aten::matmul");
    private static readonly TorchOperator s_t = new("aten::t");

    /// <summary>The matrix product, batched and broadcast over leading dimensions.</summary>
    public Tensor MatMul(Tensor other) => s_matmul.Call(this, other);

    /// <summary>Adds factor · left · right, a product of matrices, in place; returns itself.</summary>
    public Tensor AddProductInPlace(Tensor left, Tensor right, double factor = 1) => s_addmmInPlace.Call(this, left, right, 1.0, factor);

    /// <summary>Adds a matrix times a vector, times a factor, to this vector, in place.</summary>
    internal Tensor AddImageInPlace(Tensor matrix, Tensor vector, double factor = 1) =>
        s_addmvInPlace.Call(this, matrix, vector, 1.0, factor);

    /// <summary>The products of two batches of matrices.</summary>
    public Tensor BatchMatMul(Tensor other) => s_bmm.Call(this, other);

    /// <summary>input · weightᵀ + bias.</summary>
    /// <param name="weight">The matrix, outputs × inputs.</param>
    /// <param name="bias">A number for each output, or null.</param>
    /// <param name="sharesPanels">Whether reverse passes may share a copy of the matrix, which they then keep.</param>
    public Tensor Linear(Tensor weight, Tensor? bias, bool sharesPanels = true) =>
        (sharesPanels ? s_linear : s_atenLinear).Call(this, weight, bias);

    /// <summary>The transpose of a matrix.</summary>
    public Tensor T() => s_t.Call(this);

    /// <summary>The sum that an Einstein summation names.</summary>
    public static Tensor Einsum(string equation, Tensor[] operands) => s_einsum.Call(equation, operands);

    /// <summary>The eigenvalues of symmetric matrices, in ascending order.</summary>
    public Tensor EigenvaluesSymmetric() => s_linalgEigvalsh.Call(this, "L");

    /// <summary>The eigenvalues (ascending) and eigenvectors (columns) of symmetric matrices.</summary>
    public Tensor[] EigenSymmetric() => s_linalgEigh.CallAll(this, "L");

    /// <summary>The singular values of matrices, in descending order.</summary>
    public Tensor SingularValues() => s_linalgSvdvals.Call(this);

    /// <summary>
    /// Q and R of matrices A = Q R: the columns of Q orthonormal, as many as the smaller side of A, and R upper triangular.
    /// </summary>
    public (Tensor Q, Tensor R) OrthogonalAndTriangular() => s_linalgQr.CallAll(this, "reduced") is [var q, var r]
        ? (q, r)
        : throw new TorchException("aten::linalg_qr returned other than two tensors");

    /// <summary>The lower Cholesky factor of a positive definite matrix.</summary>
    public Tensor Cholesky() => s_linalgCholesky.Call(this);

    /// <summary>The lower Cholesky factor of a matrix; null where it isn't positive definite.</summary>
    internal Tensor? CholeskyIfPositive() => s_linalgCholeskyEx.CallAll(this, false, false) is [var factor, var info]
        ? info.Item() == 0 ? factor : null
        : throw new TorchException("aten::linalg_cholesky_ex returned other than two tensors");

    /// <summary>The inverse of the matrix whose lower Cholesky factor this is.</summary>
    internal Tensor CholeskyInverse() => s_choleskyInverse.Call(this, false);

    /// <summary>The solutions of L Lᵀ X = B, where this is L, lower triangular.</summary>
    /// <param name="right">B, a column for each.</param>
    internal Tensor CholeskySolve(Tensor right) => s_choleskySolve.Call(right, this, false);

    /// <summary>The X with X · factorᵀ = this, for a lower triangular factor.</summary>
    internal Tensor OverTransposed(Tensor factor) => s_linalgSolveTriangular.Call(factor.T(), this, true, false);
}
