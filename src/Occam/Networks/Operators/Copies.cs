using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The input broadcast with a shape.</summary>
internal sealed class Expand : Operator
{
    public override string Type => "Expand";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var wanted = call[1].ToArray<long>();
        var shape = new long[Math.Max(wanted.Length, x.Dimensions)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (mine, theirs) = (i <= x.Dimensions ? x.Shape[^i] : 1, i <= wanted.Length ? wanted[^i] : 1);
            shape[^i] = mine == 1 ? theirs : mine;
        }

        Limits.CheckElements(call.Node, shape);
        return [x.Expand(shape)];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[0] * Math.Sqrt(Broadcasting.Copies(call.Call[0], call.Output));
}

/// <summary>The input repeated along each dimension.</summary>
internal sealed class Tile : Operator
{
    public override string Type => "Tile";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var times = call[1].ToArray<long>();
        if (times.Length != x.Dimensions || times.Any(time => time < 0))
        {
            throw new OccamException(
                $"{call.Node} repeats {string.Join(", ", times)} times: expected {x.Dimensions} numbers of at least 0");
        }

        Limits.CheckElements(call.Node, times);
        Limits.CheckElements(
            call.Node, [.. x.Shape.Zip(times, (size, time) => (Int128)size * time > long.MaxValue ? long.MaxValue : size * time)]);
        return [x.Repeat(times)];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[0] * Math.Sqrt(Broadcasting.Copies(call.Call[0], call.Output));
}

/// <summary>
/// An operator that picks, along each dimension by itself, which index of the input stands at each index of
/// the output.
/// </summary>
internal static class Picking
{
    /// <summary>The picked rows of each dimension; null leaves a dimension as it is.</summary>
    public static Tensor Apply(Tensor x, long[]?[] picks)
    {
        for (var i = 0; i < picks.Length; i++)
        {
            if (picks[i] is { } rows)
            {
                x = x.IndexSelect(i, Tensor.FromArray(rows, rows.Length).To(x.Device));
            }
        }

        return x;
    }

    /// <summary>The root of how often the most used element is picked.</summary>
    public static double Norm(long[]?[] picks) =>
        Math.Sqrt(picks.Aggregate(
            1.0, (product, rows) => product * (rows?.CountBy(row => row).Select(pair => pair.Value).DefaultIfEmpty().Max() ?? 1)));
}

/// <summary>
/// A border around the input (or a cut, where a number is negative): a constant, the edge, a reflection, or
/// the other side.
/// </summary>
internal sealed class Pad : Operator
{
    public override string Type => "Pad";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Affine;

    public override bool Trains(int input) => input == 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var x = call[0];
        var (before, after) = Borders(call);
        Limits.CheckElements(call.Node, [.. x.Shape.Select((size, i) => Math.Max(0, size + before[i] + after[i]))]);
        if (Mode(call) != "constant")
        {
            return [Picking.Apply(x, Picks(call))];
        }

        var value = call.Optional(2)?.Item() ?? 0;
        return [x.PadConstant([.. Enumerable.Range(0, x.Dimensions).Reverse().SelectMany(i => new[] { before[i], after[i] })], value)];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds.AsSpan(1).ContainsAnyExcept(0)
            ? null
            : call.InputBounds[0] * (Mode(call.Call) == "constant" ? 1 : Picking.Norm(Picks(call.Call)));

    public override Tensor[]? Paths(PathCall call) => call.OnPath[0] ? Run(call.WithoutConstants()) : null;

    private static string Mode(in NodeCall call) => call.Attributes.Text("mode", "constant");

    private static long[]?[] Picks(in NodeCall call)
    {
        var node = call.Node;
        var shape = call[0].Shape;
        var (before, after) = Borders(call);
        Func<long, long, long> source = Mode(call) switch
        {
            "edge" => (index, size) => Math.Clamp(index, 0, size - 1),
            "reflect" => Reflect,
            "wrap" => (index, size) => ((index % size) + size) % size,
            var other => throw new OccamException($"{node} has mode '{other}': expected constant, reflect, edge or wrap"),
        };
        var picks = new long[]?[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            if (before[i] != 0 || after[i] != 0)
            {
                var size = shape[i] > 0 ? shape[i] : throw new OccamException($"{node} pads dimension {i}, which is empty");
                picks[i] = new long[Limits.CheckElements(node, Math.Max(0, size + before[i] + after[i]))];
                for (var at = 0; at < picks[i]!.Length; at++)
                {
                    picks[i]![at] = source(at - before[i], size);
                }
            }
        }

        return picks;
    }

    private static long Reflect(long index, long size)
    {
        var period = Math.Max(1, 2 * (size - 1));
        var folded = ((index % period) + period) % period;
        return folded < size ? folded : period - folded;
    }

    private static (long[] Before, long[] After) Borders(in NodeCall call)
    {
        var node = call.Node;
        var dimensions = call[0].Dimensions;
        var pads = call.Integers(1, "pads") ?? [];
        var axes = call.Optional(3) is { } named ? Axes.FindAll(node, named.ToArray<long>(), dimensions) : Axes.All(call[0]);
        if (pads.Length != 2 * axes.Length || pads.Any(pad => pad > Limits.MostElements || pad < -Limits.MostElements))
        {
            throw new OccamException(
                $"{node} has pads {string.Join(", ", pads)}: expected two for each of {axes.Length} dimensions, none enormous");
        }

        var (before, after) = (new long[dimensions], new long[dimensions]);
        for (var i = 0; i < axes.Length; i++)
        {
            (before[axes[i]], after[axes[i]]) = (pads[i], pads[i + axes.Length]);
        }

        return (before, after);
    }
}
