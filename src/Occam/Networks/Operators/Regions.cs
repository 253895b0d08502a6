using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// Regions of images pooled into as many bins each: the mean of values between the elements, or the largest of what each of the four
/// elements around a place counts.
/// </summary>
internal sealed class RoiAlign : Operator
{
    private const int HalfPixelSince = 16;
    private const long MostSamples = 1 << 12;

    public override string Type => "RoiAlign";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Curved;

    public override Linearity LinearityIn(Node node, ReadOnlySpan<bool> dependent) =>
        dependent[1] || dependent[2] || Takes(node, "max") ? Linearity.Curved : Linearity.Affine;

    public override bool IsStep(Node node, int input, int output) => input == 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, x, regions, images) = (call.Node, call[0], call[1], call[2].ToArray<long>());
        if (x.Dimensions != 4 || regions.Dimensions != 2 || regions.Shape[1] != 4 || images.Length != regions.Shape[0]
            || images.Any(image => image < 0 || image >= x.Shape[0]))
        {
            throw new OccamException($"{node} pools {images.Length} regions {string.Join("×", regions.Shape)} of "
                + $"{string.Join("×", x.Shape)}: expected batch × channels × height × width, and for each region four numbers and the "
                + "index of an image");
        }

        if (regions.RequiresGrad)
        {
            throw new TorchException("its regions depend on the data, and derivatives are taken by what is pooled only");
        }

        var attributes = call.Attributes;
        long[] bins = [attributes.Int("output_height", 1), attributes.Int("output_width", 1)];
        Limits.CheckElements(node, [images.Length, x.Shape[1], .. bins]);
        var (scale, ratio) = (attributes.Float("spatial_scale", 1), attributes.Int("sampling_ratio", 0));
        var half = attributes.Text("coordinate_transformation_mode", call.Opset < HalfPixelSince ? "output_half_pixel" : "half_pixel")
            == "half_pixel";
        var corners = regions.ToArray<double>();
        var pooled = new Tensor[images.Length];
        for (var i = 0; i < images.Length; i++)
        {
            var image = x.Select(0, images[i]);
            var along = new (Interpolation Taps, long Samples)[2];
            for (var d = 0; d < 2; d++)
            {
                double Edge(int corner) => (corners[(4 * i) + corner - d] * scale) - (half ? 0.5 : 0);
                var (from, to) = (Edge(1), Edge(3));
                var length = half ? to - from : Math.Max(to - from, 1);
                var samples = Math.Max(1, ratio > 0 ? ratio : (long)Math.Ceiling(length / bins[d]));
                Limits.CheckElements(node, Math.Min(samples, MostSamples + 1), bins[d]);
                along[d] = samples <= MostSamples && double.IsFinite(length)
                    ? (Around(from, length / bins[d], bins[d], samples, x.Shape[2 + d]), samples)
                    : throw new OccamException($"{node} has a region from {from} to {to}: expected at most {MostSamples} samples a bin");
            }

            var taken = Takes(node, "max") ? Largest(image, along) : Mean(image, along);
            pooled[i] = taken;
        }

        return [pooled.Length > 0 ? Tensor.Stack(pooled, 0) : Tensor.Zeros([0, x.Shape[1], .. bins], x.ScalarType, x.Device)];
    }

    protected override double? Bound(LipschitzCall call) =>
        call.InputBounds[1] > 0 || call.InputBounds[2] > 0 || Takes(call.Call.Node, "max") ? null : call.InputBounds[0] * call.LinearNorm();

    private static bool Takes(Node node, string what) => node.Attributes.Text("mode", "avg") is var mode && mode is "avg" or "max"
        ? mode == what
        : throw new OccamException($"{node} has mode '{mode}': expected avg or max");

    private static Tensor Mean(Tensor image, (Interpolation Taps, long Samples)[] along) =>
        Bins(along[1].Taps.Apply(along[0].Taps.Apply(image, 1, weights => weights), 2, weights => weights), along).Mean([2, 4]);

    private static Tensor Largest(Tensor image, (Interpolation Taps, long Samples)[] along)
    {
        Tensor? largest = null;
        foreach (var vertical in along[0].Taps.Single())
        {
            foreach (var horizontal in along[1].Taps.Single())
            {
                var part = Bins(horizontal.Apply(vertical.Apply(image, 1, weights => weights), 2, weights => weights), along).AMax([2, 4]);
                largest = largest is null ? part : largest.Maximum(part);
            }
        }

        return largest!;
    }

    // Channels × bins × samples × bins × samples.
    private static Tensor Bins(Tensor sampled, (Interpolation Taps, long Samples)[] along) =>
        sampled.Reshape(sampled.Shape[0], -1, along[0].Samples, sampled.Shape[2] / along[1].Samples, along[1].Samples);

    // Places spread evenly over the bins; from one element beyond the image on, they count nothing.
    private static Interpolation Around(double from, double bin, long bins, long samples, long size)
    {
        var count = bins * samples;
        long[][] indices = [new long[count], new long[count]];
        double[][] weights = [new double[count], new double[count]];
        for (var at = 0; at < count; at++)
        {
            var place = from + (bin * (at + 0.5) / samples);
            if (place < -1 || place > size)
            {
                continue;
            }

            var within = Math.Clamp(place, 0, size - 1);
            var below = Math.Min((long)within, Math.Max(0, size - 1));
            (indices[0][at], indices[1][at]) = (below, Math.Min(below + 1, size - 1));
            (weights[0][at], weights[1][at]) = (1 - (within - below), within - below);
        }

        return new Interpolation(indices, weights);
    }
}

/// <summary>Regions of images pooled into as many bins each: the largest element of each bin, 0 of an empty one.</summary>
internal sealed class MaxRoiPool : Operator
{
    public override string Type => "MaxRoiPool";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, x, regions) = (call.Node, call[0], call[1]);
        var bins = call.Attributes.Ints("pooled_shape") ?? [];
        if (x.Dimensions != 4 || regions.Dimensions != 2 || regions.Shape[1] != 5 || bins.Length != 2 || bins.Any(bin => bin < 1))
        {
            throw new OccamException($"{node} pools regions {string.Join("×", regions.Shape)} of {string.Join("×", x.Shape)} into "
                + $"{string.Join("×", bins)} bins: expected five numbers a region, batch × channels × height × width, and two sizes");
        }

        Limits.CheckElements(node, [regions.Shape[0], x.Shape[1], .. bins]);
        var scale = call.Attributes.Float("spatial_scale", 1);
        var corners = regions.ToArray<double>();
        List<Tensor> pooled = [];
        for (var i = 0; i < regions.Shape[0]; i++)
        {
            var image = corners[5 * i] >= 0 && corners[5 * i] < x.Shape[0]
                ? x.Select(0, (long)corners[5 * i])
                : throw new OccamException($"{node} pools image {corners[5 * i]} of {x.Shape[0]}");
            var rows = Parts(corners[(5 * i) + 2] * scale, corners[(5 * i) + 4] * scale, bins[0], x.Shape[2]);
            var columns = Parts(corners[(5 * i) + 1] * scale, corners[(5 * i) + 3] * scale, bins[1], x.Shape[3]);
            pooled.AddRange(rows.SelectMany(row => columns.Select(column => row.Length > 0 && column.Length > 0
                ? image.Narrow(1, row.Start, row.Length).Narrow(2, column.Start, column.Length).AMax([1, 2])
                : Tensor.Zeros([x.Shape[1]], x.ScalarType, x.Device))));
        }

        var all = pooled.Count > 0 ? Tensor.Stack([.. pooled], 0) : Tensor.Zeros([0, x.Shape[1]], x.ScalarType, x.Device);
        var byRegion = all.Reshape(regions.Shape[0], bins[0] * bins[1], x.Shape[1]).Transpose(1, 2);
        return [byRegion.Reshape(regions.Shape[0], x.Shape[1], bins[0], bins[1])];
    }

    // An element may be the largest of as many bins as there are.
    protected override double? Bound(LipschitzCall call) => call.InputBounds[1] > 0
        ? null
        : call.InputBounds[0] * Math.Sqrt((double)call.Output.Elements / Math.Max(1, call.Call[0].Shape[1]));

    private static (long Start, long Length)[] Parts(double from, double to, long bins, long size)
    {
        var (first, last) = (Math.Round(from, MidpointRounding.AwayFromZero), Math.Round(to, MidpointRounding.AwayFromZero));
        var bin = Math.Max(last - first + 1, 1) / bins;
        return
        [
            .. Enumerable.Range(0, (int)bins).Select(i =>
            {
                var start = (long)Math.Clamp(Math.Floor(i * bin) + first, 0, size);
                return (start, (long)Math.Clamp(Math.Ceiling((i + 1) * bin) + first, start, size) - start);
            }),
        ];
    }
}
