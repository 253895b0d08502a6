using MathNet.Numerics.LinearAlgebra;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The trace of a symmetric matrix A that is only known by its products, by XTrace (Epperly, Tropp and Webber 2024, normalized as theirs is
/// for Gaussian vectors). For each random vector ω_i, with Q_i an orthonormal basis of the images of all others and r its rank,
/// <code>t_i = tr(Q_iᵀ A Q_i) + (n − r) ω̃ᵀAω̃/‖ω̃‖², ω̃ = (I − Q_i Q_iᵀ) ω_i,</code>
/// is unbiased whatever the others are, and the estimate is their mean. All come from one basis Q of all images: what its span has and that
/// of Q_i hasn't is Q s_i, with s_i the i-th column of R^{−T}, normalized, where AΩ = QR. The estimates are correlated, and s/√m of them
/// alone is too small an error: <see cref="XTraceEstimates"/> adds what it lacks.
/// </summary>
internal static class XTrace
{
    // What is left of an image after the others are taken out, over its length, when rounding is a part of it that counts.
    private const double DependentFloats = 1e-4;
    private const double DependentDoubles = 1e-9;

    /// <summary>
    /// The estimate with its standard error; null where the images depend on each other to rounding, as those of a matrix of low rank do.
    /// </summary>
    /// <param name="matrix">The matrix A.</param>
    /// <param name="like">A vector of the type, size and device of those multiplied.</param>
    /// <param name="products">The most products, at least 6.</param>
    /// <param name="generator">Draws the random vectors.</param>
    /// <param name="seen">Receives every random vector and its image.</param>
    public static (Uncertain Trace, int Products)? Of(
        ISymmetricMatrix matrix, Tensor like, int products, Generator generator, Action<Tensor, Tensor>? seen = null)
    {
        var count = (int)Math.Min(products / 2, like.Elements);
        using var basis = new OrthonormalBasis();
        var R = Matrix<double>.Build.Dense(count, count);
        var forms = new double[count];
        using var state = generator.GetState();
        for (var i = 0; i < count; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var omega = Tensor.Randn(like.Shape, generator, like.ScalarType);
            var image = matrix.Times([omega])[0];
            seen?.Invoke(omega, image);
            forms[i] = WideSum.OfProducts(omega, image);
            var along = basis.Along(image);
            var length = image.Norm().Item();
            var rest = basis.TakeOut(image);
            if (!(rest > (like.ScalarType == ScalarType.Float64 ? DependentDoubles : DependentFloats) * length))
            {
                return null;
            }

            for (var j = 0; j < i; j++)
            {
                R[j, i] = along[j];
            }

            R[i, i] = rest;
            basis.Add(image.MultiplyInPlace(1 / rest));
        }

        var H = Matrix<double>.Build.Dense(count, count);
        for (var i = 0; i < count; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            H.SetColumn(i, basis.Along(matrix.Times([basis[i]])[0]));
        }

        if (count == like.Elements)
        {
            return (H.Trace(), 2 * count);
        }

        // The same vectors again, rather than to have held them.
        generator.SetState(state);
        var W = Matrix<double>.Build.Dense(count, count);
        var squares = new double[count];
        for (var i = 0; i < count; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var omega = Tensor.Randn(like.Shape, generator, like.ScalarType);
            W.SetColumn(i, basis.Along(omega));
            squares[i] = WideSum.OfProducts(omega, omega);
        }

        return (new XTraceEstimates(like.Elements, R, H, W, forms, squares).Mean(), 2 * count);
    }
}
