using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The Jacobian J(x) = ∂f/∂x (k × d) of a batch of independent examples, row by row in k reverse passes over
/// one recorded forward pass, or column by column in d forward-mode passes where d is smaller.
/// <para>
/// Where the network begins with a dense layer z = W x + b, the reverse passes stop at z: J = A W with
/// A = ∂f/∂z, and ‖A W‖_F² = tr(A (W Wᵀ) Aᵀ) = ‖A L‖_F² with the Cholesky factor W Wᵀ = L Lᵀ, which is
/// cheaper than multiplying by W itself when the layer has fewer units than inputs.
/// </para>
/// <para>
/// Where it ends in an affine map of more outputs than features, f = W φ + b, the passes begin at φ and are as many as the features:
/// with W = Q R, J = Q (R ∂φ/∂x), and the columns of Q are orthonormal. A perceptron in float32 is one product of matrices.
/// </para>
/// </summary>
public sealed class InputJacobian
{
    private readonly IFunction _function;
    private readonly FirstDenseLayer? _entry;
    private readonly LastAffineLayer? _exit;
    private readonly DenseChainJacobian? _chain;
    private readonly long _inputs;
    private readonly long _outputs;

    /// <summary>Prepares the Jacobian of a function with so many inputs and outputs.</summary>
    public InputJacobian(IFunction function, long inputs, long outputs)
    {
        _function = function;
        _inputs = inputs;
        _outputs = outputs;
        if (function is Network network)
        {
            _entry = FirstDenseLayer.Of(network, inputs);
            _exit = LastAffineLayer.Of(network, outputs);
            _chain = DenseChainJacobian.Of(network, inputs, outputs, _entry?.Cholesky, _exit);
        }
    }

    private InputJacobian(InputJacobian other, Network network)
    {
        _function = network;
        _inputs = other._inputs;
        _outputs = other._outputs;
        _entry = other._entry?.Of(network);
        _exit = other._exit;
    }

    /// <summary>The same of the same graph at other values of its further inputs.</summary>
    internal InputJacobian Of(Network network) => new(this, network);

    /// <summary>
    /// How many reverse passes an exact Jacobian takes: its rows, k, or as many as the features that its last layer makes them of.
    /// </summary>
    public long ReversePasses => _exit?.Passes ?? _outputs;

    /// <summary>How many passes an exact Jacobian takes: reverse ones, or d forward ones where these are fewer.</summary>
    public long Passes => ByRows ? ReversePasses : _inputs;

    /// <summary>
    /// Whether it is taken by rows (reverse passes): where they are fewer than columns (forward passes), or all that the function allows.
    /// </summary>
    internal bool ByRows => ReversePasses <= _inputs || !_function.HasForwardMode;

    /// <summary>
    /// Q (k × features, float64) where <see cref="Reduced"/> and <see cref="ReducedGram"/> are of R ∂φ/∂x, and J = Q R ∂φ/∂x; null where
    /// they are of J itself.
    /// </summary>
    internal Tensor? Basis => ByRows && _exit is { IsWhole: true } ? _exit.Basis : null;

    /// <summary>‖J(x)‖_F² of each example.</summary>
    /// <param name="x">The examples.</param>
    /// <param name="progress">Receives the share of the rows, or columns, that is done.</param>
    public double[] SquaredNorms(Tensor x, Action<double>? progress = null)
    {
        if (_chain is not null)
        {
            var norms = _chain.SquaredNorms(x);
            progress?.Invoke(1);
            return SumOfSquares.InRange(norms, () => SumOfParts(x, SumOfSquares.Wide, progress));
        }

        var sums = SumOfParts(x, SumOfSquares.Narrow, progress);
        return x.ScalarType == ScalarType.Float64 ? sums : SumOfSquares.InRange(sums, () => SumOfParts(x, SumOfSquares.Wide, progress));
    }

    private double[] SumOfParts(Tensor x, Func<Tensor, Tensor> squares, Action<double>? progress)
    {
        using var scope = Libtorch.NewDisposeScope();
        Tensor? sum = null;
        var done = 0;
        foreach (var part in Parts(x))
        {
            // What a row needed isn't kept until the last: they may be thousands.
            using var own = Libtorch.NewDisposeScope();
            using (part)
            {
                var squared = squares(part);
                if (sum is null)
                {
                    sum = squared.MoveToOuterDisposeScope();
                }
                else
                {
                    sum.AddInPlace(squared);
                }
            }

            progress?.Invoke((double)++done / Passes);
        }

        return sum!.ToArray<double>();
    }

    /// <summary>J itself, batch × k × d.</summary>
    /// <param name="x">The examples.</param>
    /// <param name="progress">Receives the share of the rows, or columns, that is done.</param>
    public Tensor Matrix(Tensor x, Action<double>? progress = null) => _chain?.Rows(x, exactRows: true) ?? Stacked(x, true, progress);

    /// <summary>
    /// A matrix with J's singular values, batch × passes × r, or batch × k × d where J is taken by columns: rows multiplied by L in place
    /// of W, and R ∂φ/∂x in place of J (<see cref="Basis"/>).
    /// </summary>
    /// <inheritdoc cref="Matrix"/>
    internal Tensor Reduced(Tensor x, Action<double>? progress = null) =>
        ByRows && _chain is not null ? _chain.Rows(x, exactRows: false) : Stacked(x, false, progress);

    /// <summary>
    /// M Mᵀ of each example in float64, where M = <see cref="Reduced"/>: J's squared singular values, beside zeros, are its eigenvalues.
    /// </summary>
    /// <inheritdoc cref="Matrix"/>
    internal Tensor ReducedGram(Tensor x, Action<double>? progress = null)
    {
        if (ByRows && _chain is not null)
        {
            var gram = _chain.Gram(x);
            progress?.Invoke(1);
            return gram;
        }

        using var scope = Libtorch.NewDisposeScope();
        var matrix = Reduced(x, progress);

        // One by one, for in float64 all would take twice the memory again.
        var grams = Enumerable.Range(0, (int)matrix.Size(0)).Select(i =>
        {
            using var own = Libtorch.NewDisposeScope();
            var rows = matrix.Select(0, i).To(ScalarType.Float64);
            return rows.MatMul(rows.T()).MoveToOuterDisposeScope();
        });
        return Tensor.Stack([.. grams], 0).MoveToOuterDisposeScope();
    }

    /// <summary>J Jᵀ of each example in float64: batch × k × k.</summary>
    /// <inheritdoc cref="Matrix"/>
    public Tensor Gram(Tensor x, Action<double>? progress = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (ByRows && _exit is { IsWhole: false })
        {
            var rows = Stacked(x, true, progress).To(ScalarType.Float64);
            return rows.BatchMatMul(rows.Transpose(1, 2)).MoveToOuterDisposeScope();
        }

        var gram = ReducedGram(x, progress);
        return (Basis is { } q ? q.MatMul(gram).MatMul(q.T()) : gram).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ‖vᵀJ‖² · k for one random unit cotangent v an example (or ‖J u‖² · d for a unit tangent u where d &lt; k):
    /// unbiased for ‖J‖_F².
    /// </summary>
    public double[] SquaredNormEstimate(Tensor x, Generator generator) => SquaredNormEstimates(x, 1, generator)[0];

    /// <summary>
    /// So many estimates of ‖J‖_F² for each example: n ‖vᵀJ‖² of random unit cotangents v in n dimensions (or of tangents, where they have
    /// fewer), orthogonal to each other within groups of n. Each is unbiased, and the mean of a whole group is exact.
    /// </summary>
    /// <returns>By direction, each example's estimate.</returns>
    public double[][] SquaredNormEstimates(Tensor x, int directions, Generator generator, Action<double>? progress = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        var examples = (int)x.Size(0);
        var found = Enumerable.Range(0, directions).Select(_ => new double[examples]).ToArray();
        var recorded = ByRows ? Record(x, exactRows: false) : null;
        if (recorded is { Output.RequiresGrad: false })
        {
            return found;
        }

        var done = 0;
        for (var first = 0; first < directions; first += (int)Math.Min(Passes, directions - first))
        {
            using var group = Libtorch.NewDisposeScope();
            var count = (int)Math.Min(Passes, directions - first);
            var vectors = OrthonormalDirections.Of(examples, Passes, count, x, generator);
            for (var p = 0; p < count; p++)
            {
                using var own = Libtorch.NewDisposeScope();
                var v = vectors.Select(1, p);
                var moved = recorded is not null
                    ? recorded.Pull(Turned(v, recorded), last: ++done == directions)
                    : Push(x, v.Reshape(x.Shape));
                found[first + p] = Array.ConvertAll(SumOfSquares.ByExample(moved), square => square * Passes);
                progress?.Invoke((first + p + 1.0) / directions);
            }
        }

        return found;
    }

    /// <summary>The directional derivative J t of each example: batch × k.</summary>
    /// <exception cref="NotSupportedException">The function has no forward mode.</exception>
    public Tensor Push(Tensor x, Tensor tangent)
    {
        if (!_function.HasForwardMode)
        {
            throw new NotSupportedException("a black box has no forward-mode derivatives");
        }

        using var scope = Libtorch.NewDisposeScope();
        using var forward = new ForwardAutogradScope();
        using var grad = Libtorch.EnableGrad();
        var output = _function.Forward(forward.MakeDual(x.Detach(), tangent));
        return (forward.Tangent(output) ?? Tensor.ZerosLike(output)).Detach().MoveToOuterDisposeScope();
    }

    /// <summary>A random unit vector for each example, in the type and on the device of a tensor.</summary>
    internal static Tensor RandomUnit(long[] shape, Tensor like, Generator generator)
    {
        // In float64, for a vector of one element must come out as ±1 in any precision.
        var normal = Tensor.Randn(shape, generator, ScalarType.Float64).To(like.Device);
        var length = normal.Flatten(1).Norm([1], keep: true).Reshape([shape[0], .. Enumerable.Repeat(1L, shape.Length - 1)]);
        return (normal / length).To(like.ScalarType);
    }

    private Tensor Stacked(Tensor x, bool exactRows, Action<double>? progress)
    {
        using var scope = Libtorch.NewDisposeScope();
        var count = ByRows ? exactRows ? _outputs : ReversePasses : _inputs;
        var parts = Parts(x, exactRows).Select((part, i) =>
        {
            progress?.Invoke((i + 1.0) / count);
            return part.Flatten(1);
        }).ToArray();
        return Tensor.Stack(parts, ByRows ? 1 : 2).MoveToOuterDisposeScope();
    }

    /// <summary>The rows, or the columns, of each example's Jacobian: tensors of batch × their length.</summary>
    private IEnumerable<Tensor> Parts(Tensor x, bool exactRows = false)
    {
        if (ByRows)
        {
            var recorded = Record(x, exactRows);
            var count = exactRows ? _outputs : ReversePasses;
            for (var j = 0L; j < count; j++)
            {
                yield return recorded.Output.RequiresGrad ? Row(recorded, j, last: j == count - 1) : Tensor.ZerosLike(x);
            }
        }
        else
        {
            for (var i = 0; i < _inputs; i++)
            {
                yield return Column(x, i);
            }
        }
    }

    /// <summary>
    /// The forward pass, recorded from the input or from the first dense layer's output, to the output or to the last layer's features.
    /// What comes out isn't recorded (requires no gradient) where it doesn't depend on the input: its Jacobian is zero.
    /// </summary>
    private Recorded Record(Tensor x, bool exactRows)
    {
        using var grad = Libtorch.EnableGrad();
        var exit = exactRows ? null : _exit;
        if (_entry is not null)
        {
            var leaf = _entry.Output(x).Detach().RequireGrad();
            var end = exit is null ? _entry.Rest(leaf) : exit.Features((Network)_function, _entry.Given(leaf));
            return new Recorded(leaf, end, exit, exactRows ? row => row.MatMul(_entry.Weight) : _entry.TimesFactor);
        }

        var input = x.Detach().RequireGrad();
        return exit is null
            ? new Recorded(input, _function.Forward(input), null, null)
            : new Recorded(input, exit.Features((Network)_function, Given((Network)_function, input)), exit, null);
    }

    private static Dictionary<string, Tensor> Given(Network network, Tensor x) => new() { [network.Graph.Input.Name] = x };

    // Cotangents of R φ, which has the Jacobian R J_φ, are cotangents Rᵀ v of φ.
    private static Tensor Turned(Tensor v, Recorded recorded) =>
        (recorded.Exit is { } exit ? v.Reshape(-1, exit.Factor.Size(0)).MatMul(exit.Factor) : v).Reshape(recorded.Output.Shape);

    private Tensor Column(Tensor x, int index)
    {
        using var scope = Libtorch.NewDisposeScope();
        var tangent = Tensor.ZerosLike(x);
        var column = tangent.Reshape(x.Size(0), _inputs).Select(1, index);
        column.AddInPlace(Tensor.OnesLike(column));
        return Push(x, tangent).MoveToOuterDisposeScope();
    }

    private static Tensor Row(Recorded recorded, long index, bool last)
    {
        using var scope = Libtorch.NewDisposeScope();
        var output = recorded.Output;
        if (recorded.Exit is { } exit)
        {
            return recorded.Pull(exit.Cotangent(output, index), last).MoveToOuterDisposeScope();
        }

        var cotangent = Tensor.ZerosLike(output);
        cotangent.Select(1, index).AddInPlace(Tensor.OnesLike(output.Select(1, index)));
        return recorded.Pull(cotangent, last).MoveToOuterDisposeScope();
    }

    private sealed record Recorded(Tensor Leaf, Tensor Output, LastAffineLayer? Exit, Func<Tensor, Tensor>? Image)
    {
        public Tensor Pull(Tensor cotangent, bool last)
        {
            var row = Autograd.Grad(Output, Leaf, cotangent, retainGraph: !last);
            return Image is null ? row : Image(row);
        }
    }
}
