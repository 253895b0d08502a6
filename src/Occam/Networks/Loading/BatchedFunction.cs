using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// A function that takes a fixed number of examples, made one of any number: it is run as often as needed and
/// its outputs are joined. The last batch is filled up with copies of its last example.
/// </summary>
/// <param name="inner">The function.</param>
/// <param name="batch">How many examples it takes.</param>
public sealed class BatchedFunction(IFunction inner, long batch) : IFunction
{
    /// <inheritdoc/>
    public ImmutableArray<long?> ExampleShape => inner.ExampleShape;

    /// <inheritdoc/>
    public ScalarType Type => inner.Type;

    /// <inheritdoc/>
    public Device Device => inner.Device;

    /// <inheritdoc/>
    internal bool HasForwardMode => inner.HasForwardMode;

    /// <inheritdoc/>
    public Tensor Forward(Tensor input)
    {
        var examples = input.Size(0);
        var outputs = new List<Tensor>();
        for (var start = 0L; start < examples; start += batch)
        {
            var count = Math.Min(batch, examples - start);
            var part = input.Narrow(0, start, count);
            if (count < batch)
            {
                var filling = part.Narrow(0, count - 1, 1).Detach().Expand([batch - count, .. input.Shape[1..]]);
                part = Tensor.Cat([part, filling], 0);
            }

            // A graph with its batch size built in may return its outputs in any shape: only their order is sure.
            var output = inner.Forward(part);
            outputs.Add(output.Elements % batch == 0
                ? output.Reshape(batch, -1).Narrow(0, 0, count)
                : throw new OccamException($"{batch} examples in give {output.Elements} numbers out: the output's first dimension must be "
                    + "the batch"));
        }

        return outputs.Count == 1 ? outputs[0] : Tensor.Cat([.. outputs], 0);
    }
}
