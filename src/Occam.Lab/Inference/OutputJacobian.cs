using Occam.Data;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Lab.Inference;

/// <summary>
/// The Jacobian of a value of a network by another, row by row in reverse passes over one recorded forward pass. Where the first
/// axis of both counts examples, which don't mix, a pass gives a row for each of them.
/// </summary>
internal sealed class OutputJacobian
{
    // Rounding may differ with the cotangents' signs where sums are taken in another order.
    private const double Tolerance = 1e-5;

    private readonly Tensor _input;
    private readonly Tensor _output;

    private OutputJacobian(Tensor input, Tensor output) => (_input, _output) = (input, output);

    /// <summary>Records the output as a function of the input.</summary>
    /// <param name="network">The network.</param>
    /// <param name="given">The values of its inputs.</param>
    /// <param name="by">The value that the Jacobian is by: an input or what comes of them.</param>
    /// <param name="of">The value whose Jacobian it is.</param>
    /// <exception cref="OccamException">They aren't floating-point numbers, or no derivative passes from the one to the other.</exception>
    public static OutputJacobian Record(Network network, IReadOnlyDictionary<string, Tensor> given, string by, string of)
    {
        using var grad = Libtorch.EnableGrad();
        var value = given.TryGetValue(by, out var known) ? known : network.Run(given, [by])[by];
        if (!value.IsFloatingPoint)
        {
            throw new OccamException($"'{by}' holds no floating-point numbers, by which alone one can differentiate: --input chooses "
                + "another value, such as the embedding of token ids");
        }

        var leaf = value.Detach().RequireGrad();
        var output = network.Run(new Dictionary<string, Tensor>(given) { [by] = leaf }, [of])[of];
        return output.IsFloatingPoint && output.RequiresGrad
            ? new OutputJacobian(leaf, output)
            : throw new OccamException($"no derivative passes from '{by}' to '{of}': there is no path between them, or each goes through "
                + "steps (rounding, comparisons, indices)");
    }

    /// <summary>
    /// Whether the first axis of both counts examples that don't mix: with random signs for the examples' cotangents, their gradients
    /// have the same signs.
    /// </summary>
    public bool IsByExample()
    {
        if (_input.Dimensions == 0 || _output.Dimensions == 0 || _input.Size(0) != _output.Size(0) || _input.Size(0) == 0)
        {
            return false;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(1);
        var examples = _input.Size(0);
        var signs = ((Tensor.RandInt(2, [examples], generator).To(ScalarType.Float64) * 2) - 1).To(_output.ScalarType).To(_output.Device);
        Tensor Signed(Tensor tensor) => tensor * signs.Reshape([examples, .. Enumerable.Repeat(1L, tensor.Dimensions - 1)]);
        var cotangent = Tensor.Randn(_output.Shape, generator).To(_output.ScalarType).To(_output.Device);
        var gradient = Autograd.Grad(_output, _input, cotangent, retainGraph: true);
        var difference = Autograd.Grad(_output, _input, Signed(cotangent), retainGraph: true) - Signed(gradient);
        return difference.Norm().Item() <= Tolerance * gradient.Norm().Item();
    }

    /// <summary>The Jacobian by example, n × k × d, or the whole, outputs × inputs; both flattened in C order.</summary>
    /// <param name="byExample">Which of them.</param>
    /// <param name="report">Receives the share of the rows that are there, and may end it by an exception.</param>
    /// <exception cref="OccamException">It is too large for an array.</exception>
    public NumberArray Compute(bool byExample, Action<double> report)
    {
        var examples = byExample ? _input.Size(0) : 1;
        var (rows, columns) = (_output.Elements / examples, _input.Elements / examples);
        if ((UInt128)(ulong)examples * (ulong)rows * (ulong)columns > (ulong)Array.MaxLength)
        {
            var size = $"{(byExample ? $"{examples:N0} × " : "")}{rows:N0} × {columns:N0}";
            throw new OccamException($"the Jacobian has {size} numbers, more than an array can hold: give fewer examples, or choose a "
                + "smaller output with --output");
        }

        int[] shape = byExample ? [(int)examples, (int)rows, (int)columns] : [(int)rows, (int)columns];
        return _output.ScalarType == ScalarType.Float64
            ? new NumberArray(Rows<double>(examples, rows, columns, report), shape)
            : new NumberArray(Rows<float>(examples, rows, columns, report), shape);
    }

    private T[] Rows<T>(long examples, long rows, long columns, Action<double> report)
        where T : unmanaged
    {
        var jacobian = new T[examples * rows * columns];
        for (var row = 0L; row < rows; row++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var cotangent = Tensor.ZerosLike(_output).Contiguous();
            var place = cotangent.Reshape(examples, rows).Select(1, row);
            place.AddInPlace(Tensor.OnesLike(place));
            var gradients = Autograd.Grad(_output, _input, cotangent, retainGraph: row < rows - 1).ToArray<T>();
            for (var example = 0L; example < examples; example++)
            {
                Array.Copy(gradients, example * columns, jacobian, ((example * rows) + row) * columns, columns);
            }

            report((row + 1.0) / rows);
        }

        return jacobian;
    }
}
