using MathNet.Numerics.LinearAlgebra;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// The ℓ2 operator norm σ_max of a linear map that is only known by what it does, by the Lanczos process on LᵀL
/// with full reorthogonalization.
/// </summary>
/// <param name="Value">The norm of the best vector found: a true lower bound up to rounding.</param>
/// <param name="Residual">‖LᵀL v − θ v‖ for that unit vector v, θ = Value².</param>
/// <param name="Iterations">Products with LᵀL taken; 0 where the norm was computed at once, to rounding.</param>
internal sealed record OperatorNorm(double Value, double Residual, int Iterations)
{
    private const int MostIterations = 200;
    private const int LeastIterations = 80;

    // A gigabyte of float32: what the basis may hold beyond the least iterations.
    private const long MostBasisElements = 1L << 28;
    private const int BasisBlock = 16;

    // An eigenvalue problem at every step would cost more than the steps, when there are many.
    private const int EveryStepUntil = 20;
    private const double RelativeTolerance = 1e-6;

    /// <summary>√(θ + residual): an eigenvalue of LᵀL lies within the residual of θ; from a random start it is the largest.</summary>
    public double UpperBound => Math.Sqrt((Value * Value) + Residual);

    /// <summary>How many times the norm is <see cref="UpperBound"/> at most; 1 where it was computed to rounding.</summary>
    public double Slack => Iterations == 0 || Value == 0 ? 1 : UpperBound / Value;

    /// <summary>Finds the norm of a linear map.</summary>
    /// <param name="apply">Computes L v, recorded for autograd; an affine map's constant part must already be taken off.</param>
    /// <param name="shape">The shape of v.</param>
    /// <param name="type">The type to compute in.</param>
    /// <param name="seed">The seed of the start vector.</param>
    /// <param name="tolerance">Stop when the residual is so small a part of θ.</param>
    public static OperatorNorm Of(
        Func<Tensor, Tensor> apply, long[] shape, ScalarType type, int seed = 0, double tolerance = RelativeTolerance)
    {
        using var scope = Libtorch.NewDisposeScope();
        return Lanczos(apply, shape, type, seed, tolerance).Norm;
    }

    /// <summary>The unit vector that a linear map stretches most, in the given shape.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor VectorOf(Func<Tensor, Tensor> apply, long[] shape, ScalarType type, double tolerance, int seed = 0)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var (_, basis, coordinates) = Lanczos(apply, shape, type, seed, tolerance);
        var vector = Tensor.FromArray(coordinates, 1, coordinates.Length)
            .To(type)
            .To(basis[0].Device)
            .MatMul(Tensor.Cat([.. basis], 0).Narrow(0, 0, coordinates.Length));
        return (vector / vector.Norm()).Reshape(shape).MoveToOuterDisposeScope();
    }

    private static (OperatorNorm Norm, List<Tensor> Basis, double[] Coordinates) Lanczos(
        Func<Tensor, Tensor> apply, long[] shape, ScalarType type, int seed, double tolerance)
    {
        using var generator = new Generator((ulong)seed);
        var elements = shape.Aggregate(1L, (product, size) => product * size);
        var v = Tensor.Randn([elements], generator, type);
        v = v / v.Norm();
        var most = Math.Min(elements, Math.Clamp(MostBasisElements / Math.Max(elements, 1), LeastIterations, MostIterations));
        var basis = new List<Tensor>();
        List<double> diagonal = [], offDiagonal = [];
        for (var step = 0; ; step++)
        {
            if (step % BasisBlock == 0)
            {
                basis.Add(Tensor.Zeros([BasisBlock, elements], type));
            }

            using var stepScope = Libtorch.NewDisposeScope();
            basis[^1].Select(0, step % BasisBlock).CopyInPlace(v);
            var w = Gram(apply, v, shape);
            diagonal.Add((w * v).Sum().Item());
            w = Orthogonalized(w, basis);
            var rest = w.Norm().Item();
            var isLast = step + 1 == most || rest <= 1e-30 || !double.IsFinite(rest);
            if (isLast || step < EveryStepUntil || step % 10 == 0)
            {
                var (theta, coordinates) = LargestRitzPair(diagonal, offDiagonal);
                var residual = rest * Math.Abs(coordinates[^1]);
                if (isLast || residual <= tolerance * theta)
                {
                    return (new OperatorNorm(Math.Sqrt(Math.Max(theta, 0)), residual, step + 1), basis, coordinates);
                }
            }

            offDiagonal.Add(rest);
            v = (w / rest).MoveToOuterDisposeScope();
        }
    }

    private static Tensor Gram(Func<Tensor, Tensor> apply, Tensor v, long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var leaf = v.Reshape(shape).Detach().RequireGrad();
        var image = apply(leaf);
        return Autograd.Grad(image, leaf, image.Detach()).Reshape(-1).MoveToOuterDisposeScope();
    }

    private static Tensor Orthogonalized(Tensor w, List<Tensor> basis)
    {
        // Once is not enough in floating point; twice is. Rows of a block that are still empty are zeros.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var Q in basis)
            {
                w = w - Q.T().MatMul(Q.MatMul(w));
            }
        }

        return w;
    }

    private static (double Theta, double[] Coordinates) LargestRitzPair(List<double> diagonal, List<double> offDiagonal)
    {
        var size = diagonal.Count;
        if (!diagonal.Concat(offDiagonal).All(double.IsFinite))
        {
            return (double.NaN, [double.NaN]);
        }

        var T = Matrix<double>.Build.Dense(
            size, size, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? offDiagonal[Math.Min(i, j)] : 0);
        var eigen = T.Evd(Symmetricity.Symmetric);
        return (eigen.EigenValues[size - 1].Real, eigen.EigenVectors.Column(size - 1).ToArray());
    }
}
