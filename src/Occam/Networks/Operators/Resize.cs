using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Another size: by the nearest neighbour, by straight lines or by cubic convolution, with all of ONNX's rules for where an index of the
/// output lies in the input.
/// </summary>
internal sealed class Resize : Operator
{
    private const string CropMode = "tf_crop_and_resize";

    public override string Type => "Resize";

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(Node node, ReadOnlySpan<bool> dependent) =>
        IsNearest(node) && !Crops(node) ? Linearity.Structural : Linearity.Affine;

    public override bool Trains(int input) => input == 0;

    public override bool IsStep(Node node, int input, int output) => input > 0;

    public override Tensor[] Run(in NodeCall call) => [Apply(call, weights => weights, call.Attributes.Float("extrapolation_value", 0))];

    // What lies outside begins no path.
    public override Tensor[]? Paths(PathCall call) => call.OnPath[0] ? [Apply(call.Call, call.Raise, 0)] : null;

    /// <summary>By the nearest neighbour, the root of how often the most used element is picked.</summary>
    protected override double? Bound(LipschitzCall call)
    {
        var node = call.Call.Node;
        if (!IsNearest(node) || Crops(node))
        {
            return call.InputBounds[0] * call.LinearNorm();
        }

        var shape = call.Call[0].Shape;
        return call.InputBounds[0] * Math.Sqrt(ResizePlan.Of(call.Call).Aggregate(1.0, (product, part) =>
            product * SliceIndices.MostRepeats(Neighbours(node, Places(node, shape, part), shape[part.Axis]))));
    }

    private static Tensor Apply(in NodeCall call, Func<Tensor, Tensor> raise, double outside)
    {
        var x = call[0];
        var resampled = x.IsFloatingPoint || IsNearest(call.Node) ? x : x.To(ScalarType.Float64);
        Tensor? inside = null;
        foreach (var part in ResizePlan.Of(call))
        {
            var axis = part.Axis;
            var places = Places(call.Node, x.Shape, part);
            if (Crops(call.Node))
            {
                var within = places.Select(at => at >= 0 && at <= x.Shape[axis] - 1).ToArray();
                var mask = Tensor.FromArray(within, [within.Length, .. Enumerable.Repeat(1L, x.Dimensions - axis - 1)]).To(x.Device);
                inside = inside is null ? mask : inside.And(mask);
            }

            if (IsNearest(call.Node))
            {
                var rows = Neighbours(call.Node, places, x.Shape[axis]);
                resampled = resampled.IndexSelect(axis, Tensor.FromArray(rows, rows.Length).To(x.Device));
            }
            else
            {
                resampled = Interpolate(call.Node, places, x.Shape[axis], part.Scale).Apply(resampled, axis, raise);
            }
        }

        resampled = inside is null
            ? resampled
            : resampled.Where(inside, Tensor.Full([], outside, resampled.ScalarType, resampled.Device));
        return resampled.To(x.ScalarType);
    }

    private static Interpolation Interpolate(Node node, double[] places, long size, double scale)
    {
        var a = node.Attributes.Float("cubic_coeff_a", -0.75);
        Func<double, double> filter = Mode(node) == "linear" ? Interpolation.Linear : distance => Interpolation.Cubic(distance, a);
        var reach = Mode(node) == "linear" ? 1.0 : 2;
        var exclude = node.Attributes.Int("exclude_outside", 0) != 0;
        var stretch = node.Attributes.Int("antialias", 0) != 0 ? Math.Min(scale, 1) : 1;
        return Interpolation.Of(places, size, distance => filter(distance * stretch), reach / stretch, exclude);
    }

    private static string Mode(Node node) =>
        node.Attributes.Text("mode", "nearest") is var mode && mode is "nearest" or "linear" or "cubic"
        ? mode
        : throw new OccamException($"{node} has mode '{mode}': expected nearest, linear or cubic");

    private static bool IsNearest(Node node) => Mode(node) == "nearest";

    private static bool Crops(Node node) => node.Attributes.Text("coordinate_transformation_mode", "half_pixel") == CropMode;

    private static long[] Neighbours(Node node, double[] places, long size)
    {
        var nearest = Nearest(node);
        return Array.ConvertAll(places, at => Math.Clamp((long)nearest(at), 0, size - 1));
    }

    private static Func<double, double> Nearest(Node node) => node.Attributes.Text("nearest_mode", "round_prefer_floor") switch
    {
        "round_prefer_floor" => at => Math.Ceiling(at - 0.5),
        "round_prefer_ceil" => at => Math.Floor(at + 0.5),
        "floor" => Math.Floor,
        "ceil" => Math.Ceiling,
        var other =>
            throw new OccamException($"{node} has nearest_mode '{other}': expected round_prefer_floor, round_prefer_ceil, floor or ceil"),
    };

    // Where in the input each index of the output lies.
    private static double[] Places(Node node, long[] shape, (int Axis, long Size, double Scale, double From, double To) part)
    {
        var (before, after, scale, from, to) = (shape[part.Axis], part.Size, part.Scale, part.From, part.To);
        double HalfPixel(long at) => ((at + 0.5) / scale) - 0.5;
        Func<long, double> place = node.Attributes.Text("coordinate_transformation_mode", "half_pixel") switch
        {
            "half_pixel" => HalfPixel,
            "pytorch_half_pixel" => at => after > 1 ? HalfPixel(at) : 0,
            "half_pixel_symmetric" => at => (before / 2.0 * (1 - (after / (scale * before)))) + HalfPixel(at),
            "asymmetric" => at => at / scale,

            // The cases that ONNX publishes take the length that the scale asks for, before it is cut to a whole number.
            "align_corners" => at => after > 1 ? at * (before - 1) / ((scale * before) - 1) : 0,
            CropMode => at => (before - 1) * (after > 1 ? from + (at * (to - from) / (after - 1)) : (from + to) / 2),
            var other => throw new OccamException($"{node} has coordinate_transformation_mode '{other}', which Occam doesn't know"),
        };
        return [.. Enumerable.Range(0, (int)after).Select(at => place(at))];
    }
}
