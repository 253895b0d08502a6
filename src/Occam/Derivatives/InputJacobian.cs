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
/// </summary>
public sealed class InputJacobian
{
    private readonly IFunction _function;
    private readonly FirstDenseLayer? _entry;
    private readonly long _inputs;
    private readonly long _outputs;

    /// <summary>Prepares the Jacobian of a function with so many inputs and outputs.</summary>
    public InputJacobian(IFunction function, long inputs, long outputs)
    {
        _function = function;
        _inputs = inputs;
        _outputs = outputs;
        _entry = function is Network network ? FirstDenseLayer.Of(network, inputs) : null;
    }

    private InputJacobian(IFunction function, FirstDenseLayer? entry, long inputs, long outputs) =>
        (_function, _entry, _inputs, _outputs) = (function, entry, inputs, outputs);

    /// <summary>The same of the same graph at other values of its further inputs.</summary>
    internal InputJacobian Of(Network network) => new(network, _entry?.Of(network), _inputs, _outputs);

    /// <summary>
    /// Whether it is taken by rows (reverse passes): where they are fewer than columns (forward passes), or all that the function allows.
    /// </summary>
    public bool ByRows => IsByRows(_function, _inputs, _outputs);

    /// <inheritdoc cref="ByRows"/>
    internal static bool IsByRows(IFunction function, long inputs, long outputs) => outputs <= inputs || !function.HasForwardMode;

    /// <summary>‖J(x)‖_F² of each example.</summary>
    /// <param name="x">The examples.</param>
    /// <param name="progress">Receives the share of the rows, or columns, that is done.</param>
    public double[] SquaredNorms(Tensor x, Action<double>? progress = null)
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
                var squared = SquaredNormByExample(part);
                if (sum is null)
                {
                    sum = squared.MoveToOuterDisposeScope();
                }
                else
                {
                    sum.AddInPlace(squared);
                }
            }

            progress?.Invoke((double)++done / (ByRows ? _outputs : _inputs));
        }

        return sum!.ToArray<double>();
    }

    /// <summary>
    /// J itself, batch × k × d; or, where only products J Jᵀ are wanted, batch × k × r with the same J Jᵀ
    /// (rows multiplied by L in place of W).
    /// </summary>
    /// <param name="x">The examples.</param>
    /// <param name="exactRows">True for J itself, false for any matrix with the same J Jᵀ.</param>
    /// <param name="progress">Receives the share of the rows, or columns, that is done.</param>
    public Tensor Matrix(Tensor x, bool exactRows = true, Action<double>? progress = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        var parts = Parts(x, exactRows).Select((part, i) =>
        {
            progress?.Invoke((i + 1.0) / (ByRows ? _outputs : _inputs));
            return part.Flatten(1);
        }).ToArray();
        return Tensor.Stack(parts, ByRows ? 1 : 2).MoveToOuterDisposeScope();
    }

    /// <summary>J Jᵀ of each example in float64: batch × k × k.</summary>
    /// <param name="x">The examples.</param>
    /// <param name="progress">Receives the share of the rows, or columns, that is done.</param>
    public Tensor Gram(Tensor x, Action<double>? progress = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        var rows = Matrix(x, exactRows: false, progress).To(ScalarType.Float64);
        return rows.BatchMatMul(rows.Transpose(1, 2)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ‖vᵀJ‖² · k for one random unit cotangent v an example (or ‖J u‖² · d for a unit tangent u where d &lt; k):
    /// unbiased for ‖J‖_F².
    /// </summary>
    public double[] SquaredNormEstimate(Tensor x, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (ByRows)
        {
            var (leaf, output, image) = Record(x);
            if (!output.RequiresGrad)
            {
                return new double[x.Size(0)];
            }

            var v = RandomUnit(output.Shape, output, generator);
            return Array.ConvertAll(
                SquaredNormByExample(Pull(output, leaf, v, image, last: true)).ToArray<double>(), square => square * _outputs);
        }

        return Array.ConvertAll(
            SquaredNormByExample(Push(x, RandomUnit(x.Shape, x, generator))).ToArray<double>(), square => square * _inputs);
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
    public static Tensor RandomUnit(long[] shape, Tensor like, Generator generator)
    {
        // In float64, for a vector of one element must come out as ±1 in any precision.
        var normal = Tensor.Randn(shape, generator, ScalarType.Float64).To(like.Device);
        var length = normal.Flatten(1).Norm([1], keep: true).Reshape([shape[0], .. Enumerable.Repeat(1L, shape.Length - 1)]);
        return (normal / length).To(like.ScalarType);
    }

    /// <summary>The sum of squares of each example's part.</summary>
    internal static Tensor SquaredNormByExample(Tensor part)
    {
        var flat = part.Flatten(1);
        return (flat.ScalarType == ScalarType.Float64 ? flat : flat.To(ScalarType.Float32)).Square().Sum([1]).To(ScalarType.Float64);
    }

    /// <summary>The rows, or the columns, of each example's Jacobian: k (or d) tensors of batch × their length.</summary>
    private IEnumerable<Tensor> Parts(Tensor x, bool exactRows = false)
    {
        if (ByRows)
        {
            var (leaf, output, image) = Record(x, exactRows);
            for (var j = 0; j < _outputs; j++)
            {
                if (!output.RequiresGrad)
                {
                    yield return Tensor.ZerosLike(x);
                    continue;
                }

                yield return Row(output, leaf, j, image, last: j == _outputs - 1);
            }
        }
        else
        {
            for (var i = 0; i < _inputs; i++)
            {
                var tangent = Tensor.ZerosLike(x);
                var column = tangent.Reshape(x.Size(0), _inputs).Select(1, i);
                column.AddInPlace(Tensor.OnesLike(column));
                yield return Push(x, tangent);
            }
        }
    }

    /// <summary>
    /// The forward pass, recorded from the input or from the first dense layer's output. The output isn't recorded
    /// (requires no gradient) where it doesn't depend on the input: its Jacobian is zero.
    /// </summary>
    private (Tensor Leaf, Tensor Output, Func<Tensor, Tensor>? Image) Record(Tensor x, bool exactRows = false)
    {
        using var grad = Libtorch.EnableGrad();
        if (_entry is null)
        {
            var input = x.Detach().RequireGrad();
            return (input, _function.Forward(input), null);
        }

        var leaf = _entry.Output(x).Detach().RequireGrad();
        return (leaf, _entry.Rest(leaf), exactRows ? row => row.MatMul(_entry.Weight) : _entry.TimesFactor);
    }

    private static Tensor Row(Tensor output, Tensor leaf, int index, Func<Tensor, Tensor>? image, bool last)
    {
        using var scope = Libtorch.NewDisposeScope();
        var cotangent = Tensor.ZerosLike(output);
        cotangent.Select(1, index).AddInPlace(Tensor.OnesLike(output.Select(1, index)));
        return Pull(output, leaf, cotangent, image, last).MoveToOuterDisposeScope();
    }

    private static Tensor Pull(Tensor output, Tensor leaf, Tensor cotangent, Func<Tensor, Tensor>? image, bool last)
    {
        var row = Autograd.Grad(output, leaf, cotangent, retainGraph: !last);
        return image is null ? row : image(row);
    }
}
