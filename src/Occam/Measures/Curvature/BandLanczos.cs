using MathNet.Numerics.LinearAlgebra;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The Lanczos process with full reorthogonalization, from one start or, where others are added on the way, from several in turn (a band,
/// Ruhe 1979). At every moment A B = B H + F Eᵀ: B the orthonormal vectors that span the space, H the matrix A as seen in it, and F the
/// orthonormal rests from which it grows. So the residual ‖Av − θv‖ of a Ritz pair, v = B s, is ‖Eᵀ s‖.
/// </summary>
internal sealed class BandLanczos : IDisposable
{
    private const double RoundingOfDoubles = 1e-12;
    private const double RoundingOfFloats = 1e-6;
    private const double UnitOfDoubles = 2.2e-16;
    private const double UnitOfFloats = 1.2e-7;

    private readonly double[,] _H;
    private readonly Func<Tensor, Tensor> _apply;
    private readonly Tensor _like;
    private readonly Generator _generator;
    private readonly double _unit;
    private readonly OrthonormalBasis? _outside;
    private readonly List<Rest> _rests = [];
    private Matrix<double>? _S;

    /// <summary>Begins in nothing.</summary>
    /// <param name="apply">A v, which is changed in place.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="held">The most vectors of B.</param>
    /// <param name="generator">Draws starting vectors.</param>
    /// <param name="outside">Orthonormal vectors to which all are orthogonal: A is deflated by them.</param>
    public BandLanczos(Func<Tensor, Tensor> apply, Tensor like, int held, Generator generator, OrthonormalBasis? outside = null)
    {
        (_apply, _like, _generator, _outside, _H) = (apply, like, generator, outside, new double[held, held]);
        var isDouble = like.ScalarType == ScalarType.Float64;
        (_unit, Rounding) = isDouble ? (UnitOfDoubles, RoundingOfDoubles) : (UnitOfFloats, RoundingOfFloats);
    }

    /// <summary>B.</summary>
    public OrthonormalBasis Basis { get; private set; } = new();

    /// <summary>The Ritz values θ, largest first.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>The largest magnitude of a Ritz value.</summary>
    public double Scale => Values.Max(Math.Abs);

    /// <summary>The part of <see cref="Scale"/> that is rounding.</summary>
    public double Rounding { get; }

    /// <summary>How many rests the space grows from.</summary>
    public int Rests => _rests.Count;

    /// <summary>Whether B holds as many vectors as it may.</summary>
    public bool IsFull => Basis.Count == _H.GetLength(0);

    /// <summary>Whether all vectors are spanned.</summary>
    public bool IsAll => Basis.Count + (_outside?.Count ?? 0) == _like.Elements;

    /// <summary>Whether a number of the process came out as none.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>‖Av − θv‖ of the i-th pair; never below what a number of the type leaves out.</summary>
    public double Residual(int i)
    {
        if (IsAll)
        {
            return 0;
        }

        var squares = _rests.Sum(rest => Math.Pow(Enumerable.Range(0, Basis.Count).Sum(row => rest.Coupling[row] * _S![row, i]), 2));
        return Math.Max(Math.Sqrt(squares), _unit * Scale);
    }

    /// <summary>Adds a vector to B: the first of the rests, or one drawn at random where there is none. One product.</summary>
    public void Step()
    {
        using var scope = Libtorch.NewDisposeScope();
        if (_rests.Count == 0)
        {
            Begin(Tensor.Randn(_like.Shape, _generator, _like.ScalarType));
        }

        var (next, at) = (_rests[0], Basis.Count);
        _rests.RemoveAt(0);
        if (_outside is not null || _rests.Count > 0)
        {
            // What was orthogonal to rounding when it was made may be less so to what was added since; and errors along what is outside
            // grow from step to step.
            Free(next.Vector);
        }

        Basis.Add(next.Vector);
        next.Vector.Dispose();
        for (var i = 0; i < at; i++)
        {
            _H[i, at] = _H[at, i] = next.Coupling[i];
        }

        var image = _apply(Basis[at]);
        _H[at, at] = WideSum.OfProducts(Basis[at], image);
        _outside?.TakeOut(image);
        Basis.TakeOut(image);
        foreach (var rest in _rests)
        {
            rest.Coupling[at] = WideSum.OfProducts(rest.Vector, image);
            image.AddInPlace(rest.Vector, -rest.Coupling[at]);
        }

        using var norm = image.Norm();
        var length = norm.Item();
        if (!double.IsFinite(length) || !double.IsFinite(_H[at, at]))
        {
            IsBroken = true;
            return;
        }

        Solve();
        if (length > Rounding * Scale)
        {
            var rest = Keep(image.MultiplyInPlace(1 / length));
            rest.Coupling[at] = length;
            _rests.Add(rest);
        }
    }

    /// <summary>Goes on from the first Ritz vectors alone.</summary>
    /// <param name="kept">How many.</param>
    public void Restart(int kept)
    {
        using var scope = Libtorch.NewDisposeScope();
        var combined = Basis.Combined(_S!.SubMatrix(0, Basis.Count, 0, kept));
        foreach (var rest in _rests)
        {
            double[] old = [.. rest.Coupling];
            Array.Clear(rest.Coupling);
            for (var i = 0; i < kept; i++)
            {
                rest.Coupling[i] = Enumerable.Range(0, Basis.Count).Sum(row => old[row] * _S[row, i]);
            }
        }

        Basis.Dispose();
        Basis = combined;
        Array.Clear(_H);
        for (var i = 0; i < kept; i++)
        {
            _H[i, i] = Values[i];
        }

        // Solved anew, equal values might change places, and each would have the residual of another.
        Values = Values[..kept];
        _S = Matrix<double>.Build.DenseIdentity(kept);

        // What came of combining them isn't quite orthogonal to what is next.
        foreach (var rest in _rests)
        {
            rest.Vector.MultiplyInPlace(1 / Basis.TakeOut(rest.Vector));
        }
    }

    /// <summary>
    /// Makes a vector the next that is added to B, freed of its parts along B. The rests are turned so that it is one of them: their span,
    /// with it, and F Eᵀ stay as they are.
    /// </summary>
    public void Begin(Tensor start)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();

        Free(start);
        Rest[] old = [.. _rests];
        _rests.Clear();
        _rests.Add(Keep(start));
        foreach (var (vector, coupling) in old)
        {
            foreach (var rest in _rests)
            {
                var along = WideSum.OfProducts(rest.Vector, vector);
                vector.AddInPlace(rest.Vector, -along);
                AddTo(rest.Coupling, coupling, along);
            }

            var length = vector.Norm().Item();
            if (length > Rounding)
            {
                var rest = Keep(vector.MultiplyInPlace(1 / length));
                AddTo(rest.Coupling, coupling, length);
                _rests.Add(rest);
            }

            vector.Dispose();
        }
    }

    /// <summary>The first Ritz vectors, which are the caller's then; the process has come to its end.</summary>
    /// <param name="count">How many.</param>
    public OrthonormalBasis Take(int count)
    {
        Restart(count);
        var taken = Basis;
        Basis = new OrthonormalBasis();
        return taken;
    }

    /// <summary>The i-th Ritz vector.</summary>
    public Tensor Vector(int i)
    {
        using var one = Basis.Combined(_S!.SubMatrix(0, Basis.Count, i, 1));
        return one[0].Clone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Basis.Dispose();
        foreach (var rest in _rests)
        {
            rest.Vector.Dispose();
        }
    }

    // Takes out what is along B and what is outside, twice, for what cancels the first time; of length one afterwards.
    private void Free(Tensor vector)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            _outside?.TakeOut(vector);
            vector.MultiplyInPlace(1 / Basis.TakeOut(vector));
        }
    }

    private static void AddTo(double[] sum, double[] term, double factor)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += factor * term[i];
        }
    }

    private Rest Keep(Tensor vector) => new(vector.Clone().DetachFromDisposeScope(), new double[_H.GetLength(0)]);

    // The eigenvalues of H, the largest first.
    private void Solve()
    {
        var size = Basis.Count;
        var eigen = Matrix<double>.Build.Dense(size, size, (i, j) => _H[i, j]).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => eigen.EigenValues[i].Real)];
        Values = [.. order.Select(i => eigen.EigenValues[i].Real)];
        _S = Matrix<double>.Build.Dense(size, size, (i, j) => eigen.EigenVectors[i, order[j]]);
    }

    // A column of F, with its column of E.
    private sealed record Rest(Tensor Vector, double[] Coupling);
}
