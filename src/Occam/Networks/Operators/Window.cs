using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Where a convolution's or pooling's window lies: sizes, strides, dilations, and the padding before and after
/// each spatial dimension, with <c>auto_pad</c> resolved for an input's size.
/// </summary>
internal sealed record Window(long[] Size, long[] Stride, long[] Dilation, long[] Before, long[] After, bool Ceiling)
{
    /// <summary>The number of spatial dimensions.</summary>
    public int Dimensions => Size.Length;

    /// <summary>Whether every dimension is padded alike on both sides.</summary>
    public bool IsSymmetric => Before.AsSpan().SequenceEqual(After);

    /// <summary>Reads a node's attributes.</summary>
    /// <param name="call">The node; its input 0 is batch × channels × space.</param>
    /// <param name="size">The window's size, or null to take the attribute <c>kernel_shape</c>.</param>
    /// <exception cref="OccamException">An attribute has the wrong length or a value out of range.</exception>
    public static Window Of(in NodeCall call, long[]? size = null)
    {
        var node = call.Node;
        var attributes = call.Attributes;
        size ??= attributes.Ints("kernel_shape") ?? throw new OccamException($"{node} has no attribute 'kernel_shape'");
        var space = call[0].Shape.AsSpan(Math.Min(2, call[0].Dimensions)).ToArray();
        if (space.Length != size.Length || size.Length is 0 or > 3)
        {
            throw new OccamException($"{node} has a window of {size.Length} dimensions on an input of "
                + $"{call[0].Dimensions}: expected batch × channels × one to three dimensions of space");
        }

        var stride = List("strides", size.Length, 1, least: 1);
        var dilation = List("dilations", size.Length, 1, least: 1);
        if (size.Any(length => length < 1 || length > Limits.MostElements))
        {
            throw new OccamException(
                $"{node} has a window of size {string.Join("×", size)}: every size must be at least 1, and none enormous");
        }

        var (before, after) = attributes.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => Halves(List("pads", 2 * size.Length, 0, least: 0)),
            "VALID" => (new long[size.Length], new long[size.Length]),
            "SAME_UPPER" => SamePads(upper: true),
            "SAME_LOWER" => SamePads(upper: false),
            var other => throw new OccamException($"{node} has auto_pad '{other}': expected NOTSET, VALID, SAME_UPPER or SAME_LOWER"),
        };
        Limits.CheckElements(node, [.. call[0].Shape[..2], .. space.Select((length, i) => length + before[i] + after[i])]);
        return new Window(size, stride, dilation, before, after, attributes.Int("ceil_mode", 0) != 0);

        long[] List(string name, int length, long fallback, long least)
        {
            var values = attributes.Ints(name);
            if (values is null)
            {
                return [.. Enumerable.Repeat(fallback, length)];
            }

            return values.Length == length && values.All(value => value >= least && value <= Limits.MostElements)
                ? values
                : throw new OccamException(
                    $"{node} has {name} {string.Join(", ", values)}: expected {length} numbers of at least {least}, none enormous");
        }

        (long[], long[]) SamePads(bool upper)
        {
            var (smaller, larger) = (new long[size.Length], new long[size.Length]);
            for (var i = 0; i < size.Length; i++)
            {
                var outputs = (space[i] + stride[i] - 1) / stride[i];
                var total = Math.Max(((outputs - 1) * stride[i]) + Extent(size[i], dilation[i]) - space[i], 0);
                (smaller[i], larger[i]) = (total / 2, total - (total / 2));
            }

            return upper ? (smaller, larger) : (larger, smaller);
        }
    }

    /// <summary>How many places the window has along a spatial dimension of the given size.</summary>
    public long Places(int dimension, long space)
    {
        var (stride, before) = (Stride[dimension], Before[dimension]);
        var room = space + before + After[dimension] - Extent(dimension);
        if (room < 0)
        {
            return 0;
        }

        if (!Ceiling)
        {
            return (room / stride) + 1;
        }

        // A window that would start in the padding after the end is left out, as PyTorch does.
        var places = ((room + stride - 1) / stride) + 1;
        return (places - 1) * stride >= space + before ? places - 1 : places;
    }

    /// <summary>
    /// The input with its padding made explicit, and whatever <see cref="Ceiling"/> adds to or takes from the
    /// end, so that the window at <see cref="Places"/> places fits exactly.
    /// </summary>
    /// <exception cref="OccamException">The window is larger than the padded input, or the padding is enormous.</exception>
    public Tensor Pad(Node node, Tensor input, double value)
    {
        var pads = new long[2 * Dimensions];
        var shape = (long[])input.Shape.Clone();
        for (var i = 0; i < Dimensions; i++)
        {
            var space = input.Shape[i + 2];
            var places = Places(i, space);
            if (places < 1)
            {
                throw new OccamException(
                    $"{node} has a window of {Extent(i)} on an input of {space} with padding {Before[i]} and {After[i]}: it doesn't fit");
            }

            var last = 2 * (Dimensions - 1 - i);
            pads[last] = Before[i];
            pads[last + 1] = Covered(i, space) - space - Before[i];
            shape[i + 2] += pads[last] + pads[last + 1];
        }

        Limits.CheckElements(node, shape);
        return pads.All(pad => pad == 0) ? input : input.PadConstant(pads, value);
    }

    /// <summary>
    /// Ones over an input and its own padding, zeros over what <see cref="Ceiling"/> adds beyond: what counts
    /// where padding counts. The tensor given holds the ones over the input.
    /// </summary>
    public Tensor PadCounted(Tensor ones)
    {
        var (own, beyond) = (new long[2 * Dimensions], new long[2 * Dimensions]);
        for (var i = 0; i < Dimensions; i++)
        {
            var last = 2 * (Dimensions - 1 - i);
            (own[last], own[last + 1]) = (Before[i], After[i]);
            beyond[last + 1] = Covered(i, ones.Shape[i + 2]) - ones.Shape[i + 2] - Before[i] - After[i];
        }

        return ones.PadConstant(own, 1).PadConstant(beyond, 0);
    }

    /// <summary>All windows of an input that <see cref="Pad"/> has padded: batch × channels × positions in the window × places.</summary>
    public Tensor Unfold(Tensor padded)
    {
        var count = Axes.Product(Size);
        var parts = new Tensor[count];
        for (var index = 0L; index < count; index++)
        {
            var part = padded;
            var rest = index;
            for (var i = Dimensions - 1; i >= 0; i--)
            {
                var offset = rest % Size[i] * Dilation[i];
                rest /= Size[i];
                var places = ((padded.Shape[i + 2] - Extent(i)) / Stride[i]) + 1;
                part = part.Slice(i + 2, offset, offset + ((places - 1) * Stride[i]) + 1, Stride[i]);
            }

            parts[index] = part;
        }

        return Tensor.Stack(parts, 2);
    }

    /// <summary>
    /// The sum of each window of an input that <see cref="Pad"/> has padded, channel by channel: batch × channels × places.
    /// </summary>
    public Tensor Sums(Tensor padded)
    {
        var none = new long[Dimensions];
        var ones = Tensor.Ones([1, 1, .. Size], padded.ScalarType, padded.Device);
        var sums = padded.Reshape([-1, 1, .. padded.Shape[2..]]).Convolution(ones, null, Stride, none, Dilation, 1);
        return sums.Reshape([padded.Shape[0], padded.Shape[1], .. sums.Shape[2..]]);
    }

    /// <summary>The most windows that one input lies in.</summary>
    public long MostOverlap(long[] space)
    {
        var most = 1L;
        for (var i = 0; i < Dimensions; i++)
        {
            var counts = new long[space[i]];
            var places = Places(i, space[i]);
            for (var place = 0L; place < places; place++)
            {
                for (var offset = 0L; offset < Size[i]; offset++)
                {
                    var at = (place * Stride[i]) + (offset * Dilation[i]) - Before[i];
                    if (at >= 0 && at < space[i])
                    {
                        counts[at]++;
                    }
                }
            }

            most *= counts.DefaultIfEmpty().Max();
        }

        return most;
    }

    // From the first element of the first window to the last of the last.
    private long Covered(int dimension, long space) => ((Places(dimension, space) - 1) * Stride[dimension]) + Extent(dimension);

    private long Extent(int dimension) => Extent(Size[dimension], Dilation[dimension]);

    private static long Extent(long size, long dilation) => ((size - 1) * dilation) + 1;

    private static (long[] Before, long[] After) Halves(long[] pads) => (pads[..(pads.Length / 2)], pads[(pads.Length / 2)..]);
}
