using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// ‖∂f/∂e_t‖_F² for each position t of one example's input e ∈ R^(T × d), as of the embedded tokens of a text: the squared Frobenius
/// norm of the columns of the Jacobian that belong to the position. Their sum over the positions is ‖J‖_F².
/// <para>
/// By reverse passes from the outputs, or from the features of a last affine map that makes more outputs of them
/// (<see cref="LastAffineLayer"/>, as a language model's head is), which has the same sums of squares: with W = Q R,
/// ‖Q R J_φ‖_F = ‖R J_φ‖_F column by column.
/// </para>
/// </summary>
internal sealed class PositionSlopes
{
    private readonly IFunction _function;
    private readonly LastAffineLayer? _exit;
    private readonly long _outputs;

    /// <summary>Prepares the sums of a function of so many outputs.</summary>
    public PositionSlopes(IFunction function, long outputs)
    {
        _function = function;
        _outputs = outputs;
        _exit = function is Network network ? LastAffineLayer.Of(network, outputs) : null;
    }

    /// <summary>How many reverse passes the exact sums take.</summary>
    public long Passes => _exit?.Passes ?? _outputs;

    /// <summary>The sums, exactly.</summary>
    /// <param name="x">The example: 1 × T × d, or with more dimensions after T.</param>
    /// <param name="progress">Receives the share of the passes that is done.</param>
    public double[] Exact(Tensor x, Action<double>? progress = null)
    {
        var sums = new double[x.Size(1)];
        using var scope = Libtorch.NewDisposeScope();
        EachRow(x, row => Add(sums, row, 1), progress);
        return sums;
    }

    /// <summary>
    /// J_tᵀ J_t of each position, T × d × d in float64, whose trace is the sum: its eigenvalues are J_t's squared singular values.
    /// </summary>
    /// <inheritdoc cref="Exact"/>
    public Tensor Grams(Tensor x, Action<double>? progress = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        var width = x.Elements / x.Size(1);
        var grams = Tensor.Zeros([x.Size(1), width, width], ScalarType.Float64, x.Device);
        EachRow(
            x,
            row =>
            {
                var parts = row.Reshape(x.Size(1), 1, width).To(ScalarType.Float64);
                grams.AddInPlace(parts.Transpose(1, 2).BatchMatMul(parts));
            },
            progress);
        return grams.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Estimates: n ‖(vᵀJ)_t‖² for random unit cotangents v in n dimensions, orthogonal to each other. Each is unbiased; n of them are
    /// exact.
    /// </summary>
    /// <param name="x">The example.</param>
    /// <param name="directions">How many, at most <see cref="Passes"/>.</param>
    /// <param name="generator">Where they are drawn from.</param>
    /// <param name="progress">Receives the share of the passes that is done.</param>
    /// <returns>By position, an estimate for each direction.</returns>
    public double[][] Estimates(Tensor x, int directions, Generator generator, Action<double>? progress = null)
    {
        var found = Enumerable.Range(0, (int)x.Size(1)).Select(_ => new double[directions]).ToArray();
        using var scope = Libtorch.NewDisposeScope();
        var (leaf, output) = Record(x);
        var vectors = OrthonormalDirections.Of(1, Passes, directions, x, generator);
        for (var i = 0; i < directions && output.RequiresGrad; i++)
        {
            using var own = Libtorch.NewDisposeScope();
            var v = vectors.Select(1, i);
            var cotangent = _exit is null ? v : v.Reshape(-1, _exit.Factor.Size(0)).MatMul(_exit.Factor);
            var sums = new double[x.Size(1)];
            Add(sums, Autograd.Grad(output, leaf, cotangent.Reshape(output.Shape), retainGraph: i < directions - 1), Passes);
            for (var t = 0; t < sums.Length; t++)
            {
                found[t][i] = sums[t];
            }

            progress?.Invoke((i + 1.0) / directions);
        }

        return found;
    }

    // A row of J, or of R J_φ, a reverse pass; none where the output doesn't depend on the input.
    private void EachRow(Tensor x, Action<Tensor> take, Action<double>? progress)
    {
        var (leaf, output) = Record(x);
        for (var pass = 0L; pass < Passes && output.RequiresGrad; pass++)
        {
            using var own = Libtorch.NewDisposeScope();
            take(Autograd.Grad(output, leaf, Cotangent(output, pass), retainGraph: pass < Passes - 1));
            progress?.Invoke((pass + 1.0) / Passes);
        }
    }

    private (Tensor Leaf, Tensor Output) Record(Tensor x)
    {
        using var grad = Libtorch.EnableGrad();
        var leaf = x.Detach().RequireGrad();
        return (leaf, _exit is null ? _function.Forward(leaf) : _exit.Features(
            (Network)_function, new Dictionary<string, Tensor> { [((Network)_function).Graph.Input.Name] = leaf }));
    }

    private Tensor Cotangent(Tensor output, long pass)
    {
        if (_exit is not null)
        {
            return _exit.Cotangent(output, pass);
        }

        var cotangent = Tensor.ZerosLike(output);
        var place = cotangent.Reshape(-1).Narrow(0, pass, 1);
        place.AddInPlace(Tensor.OnesLike(place));
        return cotangent;
    }

    private static void Add(double[] sums, Tensor gradient, double factor)
    {
        var squares = SumOfSquares.ByExample(gradient.Reshape(sums.Length, -1));
        for (var t = 0; t < sums.Length; t++)
        {
            sums[t] += factor * squares[t];
        }
    }
}
