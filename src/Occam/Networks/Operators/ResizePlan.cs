namespace Occam.Networks.Operators;

/// <summary>Which dimensions a Resize changes, to what sizes.</summary>
internal static class ResizePlan
{
    private const int Region = 1;
    private const int Scales = 2;
    private const int Sizes = 3;

    /// <summary>
    /// For each dimension that changes: its new size, the scale, and from where to where the region of a crop reaches, as shares of the
    /// input.
    /// </summary>
    /// <exception cref="OccamException">Scales or sizes are missing, don't fit or are out of range.</exception>
    public static IEnumerable<(int Axis, long Size, double Scale, double From, double To)> Of(NodeCall call)
    {
        var node = call.Node;
        var shape = call[0].Shape;
        var axes = call.Attributes.Ints("axes") is { } named ? Axes.FindAll(node, named, shape.Length) : Axes.All(call[0]);
        var (scales, sizes) = ScalesAndSizes(call, axes);
        var resized = (long[])shape.Clone();
        for (var i = 0; i < axes.Length; i++)
        {
            resized[axes[i]] = sizes[i];
        }

        Limits.CheckElements(node, resized);
        var region = call.Optional(Region) is { Elements: > 0 } given ? given.ToArray<double>() : null;
        var crops = node.Attributes.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize";
        if (crops && region?.Length != 2 * axes.Length)
        {
            throw new OccamException($"{node} crops to a region of {region?.Length ?? 0} numbers: expected {2 * axes.Length}");
        }

        for (var i = 0; i < axes.Length; i++)
        {
            if (!crops && scales[i] == 1)
            {
                continue;
            }

            Limits.CheckElements(node, sizes[i]);
            yield return shape[axes[i]] > 0
                ? (axes[i], sizes[i], scales[i], crops ? region![i] : 0, crops ? region![axes.Length + i] : 1)
                : throw new OccamException($"{node} resizes dimension {axes[i]}, which is empty");
        }
    }

    private static (double[] Scales, long[] Sizes) ScalesAndSizes(NodeCall call, int[] axes)
    {
        var (node, shape) = (call.Node, call[0].Shape);
        var scales = call.Optional(Scales) is { Elements: > 0 } given ? given.ToArray<double>() : null;
        var sizes = call.Optional(Sizes) is { Elements: > 0 } wanted ? wanted.ToArray<long>() : null;
        if ((scales?.Length ?? sizes?.Length) != axes.Length || scales?.Any(scale => scale is not (> 0 and < 1e9)) == true)
        {
            throw new OccamException($"{node} needs a positive scale or a size for each of {axes.Length} dimensions");
        }

        if (scales is not null)
        {
            return (scales, [.. axes.Select((axis, i) => (long)Math.Floor(shape[axis] * scales[i]))]);
        }

        double[] ratios = [.. axes.Select((axis, i) => (double)sizes![i] / Math.Max(1, shape[axis]))];
        double? common = node.Attributes.Text("keep_aspect_ratio_policy", "stretch") switch
        {
            "stretch" => null,
            "not_larger" => ratios.Min(),
            "not_smaller" => ratios.Max(),
            var other => throw new OccamException(
                $"{node} has keep_aspect_ratio_policy '{other}': expected stretch, not_larger or not_smaller"),
        };
        return common is { } scale
            ? ([.. axes.Select(_ => scale)], [.. axes.Select(axis => (long)Math.Floor((shape[axis] * scale) + 0.5))])
            : (ratios, sizes!);
    }
}
