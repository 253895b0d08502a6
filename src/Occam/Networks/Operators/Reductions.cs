using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A function of all numbers along some axes, which stood in an attribute and now stand in an input.</summary>
internal abstract class Reduction : Operator
{
    public sealed override Tensor[] Run(in NodeCall call)
    {
        // What reduces nothing, or a single number, is still a function of one number.
        var (given, axes, keep) = (call[0], Along(call) ?? [], call.Attributes.Int("keepdims", 1) != 0);
        var x = given.IsFloatingPoint || KeepsWholeNumbers ? given : given.To(ScalarType.Float64);
        var reduced = axes.Length == 0 ? Reduce(x.Unsqueeze(0), [0], false)
            : x.Elements == 0 && OfNone is { } none ? Filled(Shape(x, axes, keep), none, x)
            : Reduce(x, axes, keep);
        return [reduced.To(given.ScalarType)];
    }

    protected abstract Tensor Reduce(Tensor x, long[] axes, bool keep);

    /// <summary>Whether libtorch reduces whole numbers to whole numbers; otherwise real ones are rounded towards zero.</summary>
    protected virtual bool KeepsWholeNumbers => true;

    /// <summary>What comes of no numbers, where libtorch refuses.</summary>
    protected virtual double? OfNone => null;

    // Where a type has no infinity, its greatest or least number stands for it.
    private static Tensor Filled(long[] shape, double value, Tensor like) => like.ScalarType switch
    {
        ScalarType.Bool => Tensor.Full(shape, value > 0 ? 1 : 0, ScalarType.Bool, like.Device),
        ScalarType.Int64 when double.IsInfinity(value) =>
            Tensor.FromArray([value > 0 ? long.MaxValue : long.MinValue], 1).Expand(shape),
        var type => Tensor.Full(shape, value, type, like.Device),
    };

    private static long[] Shape(Tensor x, long[] axes, bool keep) =>
    [
        .. x.Shape.Select((size, i) => axes.Contains(i) ? 1 : size).Where((_, i) => keep || !axes.Contains(i)),
    ];

    /// <summary>The axes, or null where the node asks for none to be reduced.</summary>
    protected static long[]? Along(in NodeCall call)
    {
        var named = call.Integers(1, "axes") ?? [];
        if (named.Length == 0 && call.Attributes.Int("noop_with_empty_axes", 0) != 0)
        {
            return null;
        }

        var axes = named.Length == 0 ? Axes.All(call[0]) : Axes.FindAll(call.Node, named, call[0].Dimensions);
        return Array.ConvertAll(axes, axis => (long)axis);
    }

    /// <summary>How many numbers become one.</summary>
    protected static double Count(LipschitzCall call) => Count(call.Call[0], call.Output);

    /// <inheritdoc cref="Count(LipschitzCall)"/>
    protected static double Count(Tensor input, Tensor output) => output.Elements == 0 ? 1 : (double)input.Elements / output.Elements;

    /// <summary>The sums over paths of all numbers that become one.</summary>
    protected static Tensor PathSums(PathCall call)
    {
        var (x, axes) = (call.Call[0], Along(call.Call));
        return axes is null or [] ? x : x.Sum(axes, call.Call.Attributes.Int("keepdims", 1) != 0);
    }
}

/// <summary>The largest or smallest number along the axes.</summary>
internal abstract class ExtremeReduction : Reduction
{
    public sealed override Linearity Linearity => Linearity.PiecewiseAffine;

    public sealed override bool EverySwitchIsKink => false;

    public sealed override Tensor? Switches(in NodeCall call) =>
        Groups(call) is { } groups && groups.IsFloatingPoint ? Kinks.Differences(call.Node, groups, groups.Dimensions - 1) : null;

    public sealed override Tensor? Pattern(in NodeCall call) => Groups(call) is { } groups ? Position(groups) : null;

    protected abstract Tensor Position(Tensor groups);

    // A path may run through every number that the extreme is chosen from.
    public sealed override Tensor[]? Paths(PathCall call) => [PathSums(call)];

    protected sealed override double? Bound(LipschitzCall call) => call.Largest;

    /// <summary>Whether it is the largest number.</summary>
    protected abstract bool IsLargest { get; }

    internal sealed override Enclosure[]? Enclose(EnclosureCall call)
    {
        if (!call.Depends(0) || call.Varying > 1)
        {
            return null;
        }

        var (node, x) = (call.At(1), call[0]);
        if (Along(node) is not { Length: > 0 } axes)
        {
            return [x];
        }

        // The batch stays where it is.
        long[] kept = [.. Enumerable.Range(0, x.Shape.Length).Select(i => (long)i).Except(axes)];
        if (kept is not [0, ..])
        {
            return null;
        }

        var shape = Reduce(x.Middle, axes, node.Attributes.Int("keepdims", 1) != 0).Shape;
        Tensor Grouped(Tensor one) => one.Permute([.. kept, .. axes]).Flatten(kept.Length);
        Tensor GroupedColumns(Tensor all) =>
            all.Permute([0, .. kept.Select(i => i + 1), .. axes.Select(i => i + 1)]).Flatten(kept.Length + 1);
        var sign = Tensor.Full([], IsLargest ? 1 : -1, ScalarType.Float64);
        var signed = EnclosedMaps.Line(call.Space, x.Changed(Grouped, GroupedColumns), sign, null);
        var largest = EnclosedMaps.Line(call.Space, EnclosedFunctions.Largest(call.Space, signed), sign, null);
        return [largest.Changed(one => one.Reshape(shape), all => all.Reshape([all.Size(0), .. shape]))];
    }

    // The reduced axes as one last dimension.
    private static Tensor? Groups(in NodeCall call)
    {
        if (Along(call) is not { Length: > 0 } axes)
        {
            return null;
        }

        long[] kept = [.. Axes.All(call[0]).Select(i => (long)i).Except(axes)];
        return call[0].Permute([.. kept, .. axes]).Flatten(kept.Length);
    }
}

/// <summary>The mean.</summary>
internal sealed class ReduceMean : Reduction
{
    public override string Type => "ReduceMean";

    protected override bool KeepsWholeNumbers => false;

    public override Linearity Linearity => Linearity.Affine;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Mean(axes, keep);

    public override Tensor[]? Paths(PathCall call)
    {
        var sums = PathSums(call);
        return [sums * call.Raise(1 / Count(call.Call[0], sums))];
    }

    protected override double? Bound(LipschitzCall call) => call.Largest / Math.Sqrt(Count(call));
}

/// <summary>The sum.</summary>
internal sealed class ReduceSum : Reduction
{
    public override string Type => "ReduceSum";

    public override Linearity Linearity => Linearity.Affine;

    public override Tensor[]? Paths(PathCall call) => [PathSums(call)];

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Sum(axes, keep);

    protected override double? Bound(LipschitzCall call) => call.Largest * Math.Sqrt(Count(call));
}

/// <summary>The largest number.</summary>
internal sealed class ReduceMax : ExtremeReduction
{
    public override string Type => "ReduceMax";

    protected override bool IsLargest => true;

    protected override double? OfNone => double.NegativeInfinity;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.AMax(axes, keep);

    protected override Tensor Position(Tensor groups) => groups.ArgMax(-1);
}

/// <summary>The smallest number.</summary>
internal sealed class ReduceMin : ExtremeReduction
{
    public override string Type => "ReduceMin";

    protected override bool IsLargest => false;

    protected override double? OfNone => double.PositiveInfinity;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.AMin(axes, keep);

    protected override Tensor Position(Tensor groups) => (-groups).ArgMax(-1);
}

/// <summary>The sum of absolute values.</summary>
internal sealed class ReduceL1 : Reduction
{
    public override string Type => "ReduceL1";

    public override Linearity Linearity => Linearity.PiecewiseAffine;

    public override Tensor? Switches(in NodeCall call) => call[0];

    public override Tensor[]? Paths(PathCall call) => [PathSums(call)];

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Abs().Sum(axes, keep);

    protected override double? Bound(LipschitzCall call) => call.Largest * Math.Sqrt(Count(call));
}

/// <summary>The Euclidean norm.</summary>
internal sealed class ReduceL2 : Reduction
{
    public override string Type => "ReduceL2";

    protected override bool KeepsWholeNumbers => false;

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Norm(axes, keep);

    // Its gradient is a unit vector.
    protected override double? Bound(LipschitzCall call) => call.Largest;
}

/// <summary>The sum of squares.</summary>
internal sealed class ReduceSumSquare : Reduction
{
    public override string Type => "ReduceSumSquare";

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Square().Sum(axes, keep);

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>The logarithm of the sum.</summary>
internal sealed class ReduceLogSum : Reduction
{
    public override string Type => "ReduceLogSum";

    public override Linearity Linearity => Linearity.Curved;

    protected override bool KeepsWholeNumbers => false;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.Sum(axes, keep).Log();

    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>The logarithm of the sum of exponentials.</summary>
internal sealed class ReduceLogSumExp : Reduction
{
    public override string Type => "ReduceLogSumExp";

    protected override bool KeepsWholeNumbers => false;

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep) => x.LogSumExp(axes, keep);

    // Its gradient is a vector of probabilities, whose norm is at most 1.
    protected override double? Bound(LipschitzCall call) => call.Largest;
}

/// <summary>The product.</summary>
internal sealed class ReduceProd : Reduction
{
    public override string Type => "ReduceProd";

    public override Linearity Linearity => Linearity.Curved;

    protected override Tensor Reduce(Tensor x, long[] axes, bool keep)
    {
        // From the last axis on, so that the others keep their places.
        foreach (var axis in axes.OrderDescending())
        {
            x = x.Product((int)axis, keep);
        }

        return x;
    }

    protected override double? Bound(LipschitzCall call) => null;
}
