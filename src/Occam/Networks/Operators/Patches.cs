using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Images put together from their blocks, batch × channels · block × places, of which overlapping ones are added: the transpose of
/// taking blocks out.
/// </summary>
internal sealed class Col2Im : Operator
{
    public override string Type => "Col2Im";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input > 0;

    public override Tensor[]? Paths(PathCall call) => Run(call.Call);

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, x) = (call.Node, call[0]);
        var (image, block) = (call[1].ToArray<long>(), call[2].ToArray<long>());
        var count = image.Length;
        long[] List(string name, int length, long fallback) =>
            node.Attributes.Ints(name) ?? [.. Enumerable.Repeat(fallback, length)];
        var (strides, dilations, pads) = (List("strides", count, 1), List("dilations", count, 1), List("pads", 2 * count, 0));
        if (count == 0 || block.Length != count || strides.Length != count || dilations.Length != count || pads.Length != 2 * count
            || strides.Concat(dilations).Concat(block).Any(size => size < 1) || pads.Any(pad => pad < 0) || x.Dimensions != 3)
        {
            throw new OccamException($"{node} puts blocks {string.Join("×", block)} together to {string.Join("×", image)}: "
                + "expected as many sizes, strides and dilations of at least 1, twice as many pads, and batch × channels × places");
        }

        long[] padded = [.. image.Select((size, i) => size + pads[i] + pads[i + count])];
        var elements = Limits.CheckElements(node, padded);
        var window = Limits.CheckElements(node, block);
        long[] places = [.. padded.Select((size, i) => Math.Max(0, ((size - ((block[i] - 1) * dilations[i]) - 1) / strides[i]) + 1))];
        var positions = Limits.CheckElements(node, places);
        if (x.Shape[1] % window != 0 || x.Shape[2] != positions)
        {
            throw new OccamException($"{node} puts {string.Join("×", x.Shape)} together from blocks of {window} at {positions} places: "
                + "it doesn't come out");
        }

        Limits.CheckElements(node, window, positions);
        var channels = x.Shape[1] / window;
        Limits.CheckElements(node, x.Shape[0], channels, elements);
        var rows = new long[window * positions];
        for (var at = 0L; at < rows.Length; at++)
        {
            var (within, place) = (at / positions, at % positions);
            var (row, size) = (0L, 1L);
            for (var i = count - 1; i >= 0; i--)
            {
                row += ((place % places[i] * strides[i]) + (within % block[i] * dilations[i])) * size;
                (place, within, size) = (place / places[i], within / block[i], size * padded[i]);
            }

            rows[at] = row;
        }

        var sums = Tensor.Zeros([x.Shape[0], channels, elements], x.ScalarType, x.Device)
            .IndexAdd(2, Tensor.FromArray(rows, rows.Length).To(x.Device), x.Reshape(x.Shape[0], channels, -1))
            .Reshape([x.Shape[0], channels, .. padded]);
        return [sums.PadConstant([.. Enumerable.Range(0, count).Reverse().SelectMany(i => new[] { -pads[i], -pads[i + count] })], 0)];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0] * call.LinearNorm();
}

/// <summary>The middle of the input where a wanted size is smaller, and zeros around it where that is larger.</summary>
internal sealed class CenterCropPad : Operator
{
    public override string Type => "CenterCropPad";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input > 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, wanted) = (call[0], call[1].ToArray<long>());
        var axes = call.Attributes.Ints("axes") is { } named ? Axes.FindAll(call.Node, named, x.Dimensions) : Axes.All(x);
        if (axes.Length != wanted.Length)
        {
            throw new OccamException($"{call.Node} has {wanted.Length} sizes for {axes.Length} axes");
        }

        var shape = (long[])x.Shape.Clone();
        var pads = new long[2 * x.Dimensions];
        for (var i = 0; i < axes.Length; i++)
        {
            shape[axes[i]] = wanted[i];
            var (more, last) = (wanted[i] - x.Shape[axes[i]], 2 * (x.Dimensions - 1 - axes[i]));

            // Of an odd number, the half after is the larger.
            pads[last] = more / 2;
            pads[last + 1] = more - (more / 2);
        }

        Limits.CheckElements(call.Node, shape);
        return [x.PadConstant(pads, 0)];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[0];
}
