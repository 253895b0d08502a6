using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The largest number of each window.</summary>
internal sealed class MaxPool : Operator
{
    public override string Type => "MaxPool";

    public override Linearity Linearity => Linearity.PiecewiseAffine;

    public override Tensor[] Run(in NodeCall call)
    {
        var window = Window.Of(call);
        var x = call[0].IsFloatingPoint ? call[0] : call[0].To(ScalarType.Float64);
        var maxima = Maxima(call.Node, x, window).To(call[0].ScalarType);
        return call.Node.Outputs.Length > 1 && call.Node.Outputs[1].Length > 0 ? [maxima, Indices(call, x.Detach(), window)] : [maxima];
    }

    public override bool IsStep(Node node, int input, int output) => output == 1;

    public override bool EverySwitchIsKink => false;

    /// <summary>The differences of all pairs in each window (1 where one of the pair is padding).</summary>
    public override Tensor? Switches(in NodeCall call)
    {
        var window = Window.Of(call);
        var (first, second) = Kinks.Pairs(call.Node, window.Unfold(window.Pad(call.Node, call[0], 0)), 2);
        var (firstInside, secondInside) =
            Kinks.Pairs(call.Node, window.Unfold(window.Pad(call.Node, Tensor.OnesLike(call[0].Detach()), 0)), 2);
        var difference = first - second;
        return difference.Where((firstInside * secondInside).GreaterThan(0), Tensor.OnesLike(difference));
    }

    /// <summary>The position of the largest number in each window.</summary>
    public override Tensor? Pattern(in NodeCall call)
    {
        var window = Window.Of(call);
        return window.Unfold(window.Pad(call.Node, call[0], double.NegativeInfinity)).ArgMax(2);
    }

    // A path may run through every number of a window.
    public override Tensor[]? Paths(PathCall call)
    {
        var window = Window.Of(call.Call);
        return [window.Sums(window.Pad(call.Call.Node, call.Call[0], 0))];
    }

    private static Tensor Maxima(Node node, Tensor x, Window window)
    {
        if (MaximaOfSlices.Serve(x, window))
        {
            return MaximaOfSlices.Of(x, window);
        }

        var fitting = window.IsSymmetric && window.Before.Zip(window.Size).All(pair => 2 * pair.First <= pair.Second);
        return fitting
            ? x.MaxPool(window.Size, window.Stride, window.Before, window.Dilation, window.Ceiling)
            : window.Pad(node, x, double.NegativeInfinity)
                .MaxPool(window.Size, window.Stride, new long[window.Dimensions], window.Dilation, false);
    }

    // The numbers of each window side by side; where some are padding, its first number again, which changes no maximum.
    internal override Enclosure[]? Enclose(EnclosureCall call)
    {
        var (node, x) = (call.At(1), call[0]);
        var window = Window.Of(node);
        var space = x.Shape[2..];
        var numbers = Tensor.Arange(1, Axes.Product(space) + 1, 1, ScalarType.Float64).Reshape([1, 1, .. space]);
        var places = window.Unfold(window.Pad(node.Node, numbers, 0)).Flatten(3).Select(0, 0).Select(0, 0).T().Contiguous();
        var (at, width) = (places.ToArray<double>(), (int)places.Size(1));
        var indices = new long[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var row = at.AsSpan(i / width * width, width);
            var first = row[row.IndexOfAnyExcept(0)];
            indices[i] = (long)(at[i] == 0 ? first : at[i]) - 1;
        }

        var chosen = Tensor.FromArray(indices, indices.Length);
        Tensor Windows(Tensor one, int leading) => one.Flatten(leading).IndexSelect(leading, chosen)
            .Reshape([.. one.Shape[..leading], indices.Length / width, width]);
        var largest = EnclosedFunctions.Largest(call.Space, x.Changed(one => Windows(one, 2), all => Windows(all, 3)));
        var shape = Run(node)[0].Shape;
        return [largest.Changed(one => one.Reshape(shape), all => all.Reshape([all.Size(0), .. shape]))];
    }

    // Where each maximum stands in the flattened input, the first of equal ones; storage_order 1 counts space column by column.
    private static Tensor Indices(in NodeCall call, Tensor x, Window window)
    {
        var space = x.Shape[2..];
        var numbers = Tensor.Arange(0, Axes.Product(space), 1, ScalarType.Float64);
        var ordered = call.Attributes.Int("storage_order", 0) != 0
            ? numbers.Reshape([.. space.Reverse()]).Permute([.. Enumerable.Range(0, space.Length).Reverse().Select(i => (long)i)])
            : numbers.Reshape(space);
        var places = window.Unfold(window.Pad(call.Node, ordered.Unsqueeze(0).Unsqueeze(0), 0));
        var largest = window.Unfold(window.Pad(call.Node, x, double.NegativeInfinity)).ArgMax(2).To(Device.Cpu).Unsqueeze(2);
        var within = places.Expand([.. x.Shape[..2], .. places.Shape[2..]]).Gather(2, largest).Squeeze(2);
        var planes = Tensor.Arange(0, x.Shape[0] * x.Shape[1], 1, ScalarType.Float64) * Axes.Product(space);
        return (within + planes.Reshape([.. x.Shape[..2], .. space.Select(_ => 1L)])).To(ScalarType.Int64);
    }

    // A maximum changes by no more than the largest change in its window; a number counts in each window it lies in.
    protected override double? Bound(LipschitzCall call) =>
        call.Largest * Math.Sqrt(Window.Of(call.Call).MostOverlap(call.Call[0].Shape[2..]));
}

/// <summary>The mean of each window, with or without the padding in the count.</summary>
internal sealed class AveragePool : Operator
{
    public override string Type => "AveragePool";

    public override Linearity Linearity => Linearity.Affine;

    public override Tensor[] Run(in NodeCall call)
    {
        var input = call[0];
        var window = Window.Of(call);
        var countPadding = call.Attributes.Int("count_include_pad", 0) != 0;
        if (window.IsSymmetric
            && window.Dilation.All(step => step == 1)
            && window.Before.Zip(window.Size).All(pair => 2 * pair.First <= pair.Second))
        {
            return [input.AveragePool(window.Size, window.Stride, window.Before, window.Ceiling, countPadding)];
        }

        // What libtorch's pooling can't do is the sum over the window divided by the count of its elements.
        var (sums, counts) = SumsAndCounts(call, window);
        return [sums / counts];
    }

    // Each number of a window of n counts 1/n.
    public override Tensor[]? Paths(PathCall call)
    {
        var (sums, counts) = SumsAndCounts(call.Call, Window.Of(call.Call));
        return [sums * call.Raise(counts.Reciprocal())];
    }

    protected override double? Bound(LipschitzCall call) => call.Largest * call.LinearNorm();

    private static (Tensor Sums, Tensor Counts) SumsAndCounts(in NodeCall call, Window window)
    {
        var input = call[0];
        var ones = Tensor.Ones([1, 1, .. input.Shape[2..]], input.ScalarType, input.Device);
        var counted = call.Attributes.Int("count_include_pad", 0) != 0 ? window.PadCounted(ones) : window.Pad(call.Node, ones, 0);
        return (window.Sums(window.Pad(call.Node, input, 0)), window.Sums(counted));
    }
}

/// <summary>The mean over space, by example and channel.</summary>
internal sealed class GlobalAveragePool : Operator
{
    public override string Type => "GlobalAveragePool";

    public override Linearity Linearity => Linearity.Affine;

    public override Tensor[] Run(in NodeCall call) => [call[0].Mean(GlobalPooling.Space(call), keep: true)];

    public override Tensor[]? Paths(PathCall call)
    {
        var space = GlobalPooling.Space(call.Call);
        return [call.Call[0].Sum(space, keep: true) * call.Raise(1.0 / Axes.Product(call.Call[0].Shape.AsSpan(2)))];
    }

    // A mean of n numbers is the product with a vector of norm 1/√n.
    protected override double? Bound(LipschitzCall call) => call.Largest / Math.Sqrt(Axes.Product(call.Call[0].Shape.AsSpan(2)));
}

/// <summary>The largest number over space, by example and channel.</summary>
internal sealed class GlobalMaxPool : Operator
{
    public override string Type => "GlobalMaxPool";

    public override Linearity Linearity => Linearity.PiecewiseAffine;

    public override Tensor[] Run(in NodeCall call) => [call[0].AMax(GlobalPooling.Space(call), keep: true)];

    public override bool EverySwitchIsKink => false;

    public override Tensor? Switches(in NodeCall call) => Kinks.Differences(call.Node, call[0].Flatten(2), 2);

    public override Tensor? Pattern(in NodeCall call) => call[0].Flatten(2).ArgMax(2);

    public override Tensor[]? Paths(PathCall call) => [call.Call[0].Sum(GlobalPooling.Space(call.Call), keep: true)];

    internal override Enclosure[]? Enclose(EnclosureCall call)
    {
        var shape = Run(call.At(1))[0].Shape;
        var largest = EnclosedFunctions.Largest(call.Space, call[0].Changed(one => one.Flatten(2), all => all.Flatten(3)));
        return [largest.Changed(one => one.Reshape(shape), all => all.Reshape([all.Size(0), .. shape]))];
    }

    protected override double? Bound(LipschitzCall call) => call.Largest;
}

/// <summary>What both global poolings share.</summary>
internal static class GlobalPooling
{
    public static long[] Space(in NodeCall call) =>
        call[0].Dimensions > 2
            ? [.. Enumerable.Range(2, call[0].Dimensions - 2).Select(i => (long)i)]
            : throw new OccamException($"{call.Node} needs an input of batch × channels × space, not of {call[0].Dimensions} dimensions");
}
