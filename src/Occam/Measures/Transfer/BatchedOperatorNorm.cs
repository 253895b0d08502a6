using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Transfer;

/// <summary>σ_max of the Jacobian ∂h/∂x of each example of a batch, by the Lanczos process on all at once.</summary>
internal static class BatchedOperatorNorm
{
    private const int MostSteps = 120;
    private const int CheckEvery = 4;
    private const double SingleTolerance = 1e-5;
    private const double DoubleTolerance = 1e-11;

    /// <summary>
    /// √θ and √(θ + residual) of each example, with θ the largest Ritz value of JᵀJ (or JJᵀ, whichever is smaller): what some
    /// unit vector reaches, and the norm to the residual, from a random start not below it. Full reorthogonalization; exact to
    /// rounding where the smaller side of J has no more numbers than steps are taken.
    /// </summary>
    /// <param name="x">The examples, recorded.</param>
    /// <param name="h">What depends on them, batch × n, recorded.</param>
    /// <param name="seed">The seed of the start vectors.</param>
    /// <param name="step">Called at each step.</param>
    public static (double[] Lower, double[] Upper) Of(Tensor x, Tensor h, int seed, Action? step = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        if (!h.RequiresGrad)
        {
            return (new double[x.Size(0)], new double[x.Size(0)]);
        }

        // The reverse pass is linear in its cotangent: differentiated by it, it gives the forward direction.
        var cotangent = Tensor.ZerosLike(h).Detach().RequireGrad();
        var reverse = Autograd.Grad(h, x, cotangent, createGraph: true).Flatten(1);
        Tensor Pull(Tensor u) => Autograd.Grad(h, x, u.Reshape(h.Shape), retainGraph: true).Flatten(1);
        Tensor Push(Tensor v) => Autograd.Grad(reverse, cotangent, v, retainGraph: true).Flatten(1);
        var bySide = reverse.Size(1) <= h.Flatten(1).Size(1);
        using var generator = new Generator((ulong)seed);
        var start = InputJacobian.RandomUnit([x.Size(0), bySide ? reverse.Size(1) : h.Flatten(1).Size(1)], x.Detach(), generator);
        return Largest(bySide ? v => Pull(Push(v)) : u => Push(Pull(u)), start, step);
    }

    private static (double[] Lower, double[] Upper) Largest(Func<Tensor, Tensor> gram, Tensor start, Action? began)
    {
        var examples = (int)start.Size(0);
        var tolerance = start.ScalarType == ScalarType.Float64 ? DoubleTolerance : SingleTolerance;
        var most = (int)Math.Min(start.Size(1), MostSteps);
        var basis = new List<Tensor>();
        List<double[]> diagonal = [], offDiagonal = [];
        var v = start;
        for (var step = 1; ; step++)
        {
            began?.Invoke();
            basis.Add(v);
            Tensor w;
            using (Libtorch.NewDisposeScope())
            {
                w = gram(v).Detach();
                diagonal.Add(Dots(w, v));
                w = Orthogonalized(w, basis).MoveToOuterDisposeScope();
            }

            var rest = Norms(w);
            if (step == most || step % CheckEvery == 0)
            {
                var (theta, last) = RitzPairs(diagonal, offDiagonal, examples);
                var residual = rest.Zip(last, (length, component) => length * Math.Abs(component)).ToArray();
                if (step == most || Enumerable.Range(0, examples).All(i => residual[i] <= tolerance * theta[i]))
                {
                    return (
                        [.. theta.Select(value => Math.Sqrt(Math.Max(value, 0)))],
                        [.. theta.Zip(residual, (value, error) => Math.Sqrt(Math.Max(value, 0) + error))]);
                }
            }

            offDiagonal.Add(rest);

            // An example whose Krylov space is exhausted goes on with zeros, which add nothing.
            var inverse = rest.Zip(diagonal[0], (length, scale) => length > 1e-14 * Math.Abs(scale) ? 1 / length : 0).ToArray();
            v = w * Tensor.FromArray(inverse, examples, 1).To(w.ScalarType).To(w.Device);
        }
    }

    private static Tensor Orthogonalized(Tensor w, List<Tensor> basis)
    {
        // Once is not enough in floating point; twice is.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var q in basis)
            {
                w = w - (q * (q * w).Sum([1], keep: true));
            }
        }

        return w;
    }

    private static double[] Dots(Tensor a, Tensor b) => (a * b).Sum([1]).To(ScalarType.Float64).To(Device.Cpu).ToArray<double>();

    private static double[] Norms(Tensor w) => Array.ConvertAll(Dots(w, w), Math.Sqrt);

    private static (double[] Theta, double[] Last) RitzPairs(List<double[]> diagonal, List<double[]> offDiagonal, int examples)
    {
        using var scope = Libtorch.NewDisposeScope();
        var size = diagonal.Count;
        var T = new double[examples * size * size];
        for (var n = 0; n < examples; n++)
        {
            for (var i = 0; i < size; i++)
            {
                T[(((n * size) + i) * size) + i] = diagonal[i][n];
                if (i + 1 < size)
                {
                    T[(((n * size) + i) * size) + i + 1] = T[(((n * size) + i + 1) * size) + i] = offDiagonal[i][n];
                }
            }
        }

        var pairs = Tensor.FromArray(T, examples, size, size).EigenSymmetric();
        return (pairs[0].Select(1, size - 1)
            .Contiguous()
            .ToArray<double>(), pairs[1].Select(2, size - 1).Select(1, size - 1).Contiguous().ToArray<double>());
    }
}
