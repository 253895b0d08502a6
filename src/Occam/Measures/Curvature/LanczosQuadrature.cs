using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// vᵀ f(A) v = Σ_i w_i f(θ_i) of a symmetric matrix A that is only known by its products and a vector v of length one, by the Lanczos
/// process from v with full reorthogonalization: exact for polynomials f of a degree below twice the steps, and for every f where the
/// process comes to its end (Golub and Meurant 1994).
/// </summary>
/// <param name="Nodes">The θ_i.</param>
/// <param name="Weights">The w_i, which sum to 1.</param>
/// <param name="Half">The same after half of the steps; null where the process came to its end.</param>
internal sealed record LanczosQuadrature(ImmutableArray<double> Nodes, ImmutableArray<double> Weights, LanczosQuadrature? Half)
{
    private const double Exhausted = 1e-12;
    private const double ExhaustedFloats = 1e-6;

    /// <summary>The quadrature.</summary>
    /// <param name="apply">A v, which is changed in place.</param>
    /// <param name="start">v.</param>
    /// <param name="steps">The most products.</param>
    public static LanczosQuadrature Of(Func<Tensor, Tensor> apply, Tensor start, int steps)
    {
        using var basis = new OrthonormalBasis();
        basis.Add(start);
        List<double> diagonal = [], beside = [];
        var rounding = start.ScalarType == ScalarType.Float64 ? Exhausted : ExhaustedFloats;
        var largest = 0.0;
        while (true)
        {
            using var scope = Libtorch.NewDisposeScope();
            var image = apply(basis[^1]);
            diagonal.Add(WideSum.OfProducts(basis[^1], image));
            largest = Math.Max(largest, image.Norm().Item());
            var length = basis.TakeOut(image);
            if (!double.IsFinite(length) || !double.IsFinite(diagonal[^1]))
            {
                return new LanczosQuadrature([double.NaN], [1], null);
            }

            var isAll = basis.Count == start.Elements || length <= rounding * largest;
            if (isAll || basis.Count == steps)
            {
                var half = isAll ? null : OfTridiagonal(diagonal[..((steps + 1) / 2)], beside, null);
                return OfTridiagonal(diagonal, beside, half);
            }

            beside.Add(length);
            basis.Add(image.MultiplyInPlace(1 / length));
        }
    }

    /// <summary>Σ_i w_i f(θ_i).</summary>
    public double MeanOf(Func<double, double> f) => Nodes.Zip(Weights, (node, weight) => weight * f(node)).Sum();

    private static LanczosQuadrature OfTridiagonal(List<double> diagonal, List<double> beside, LanczosQuadrature? half)
    {
        var size = diagonal.Count;
        var T = Matrix<double>.Build.Dense(
            size, size, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? beside[Math.Min(i, j)] : 0);
        var eigen = T.Evd(Symmetricity.Symmetric);
        return new LanczosQuadrature(
            [.. eigen.EigenValues.Select(value => value.Real)], [.. eigen.EigenVectors.Row(0).Select(first => first * first)], half);
    }
}
