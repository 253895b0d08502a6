using Occam.Data;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>CIFAR-10 as these experiments take it.</summary>
internal static class ImageSets
{
    private const int Side = 32;
    private const int LabelStream = 11;

    /// <summary>The data sets.</summary>
    public const string Name = "cifar10";

    /// <summary>A part of CIFAR-10, or what stands in for it, as images of 32×32.</summary>
    /// <param name="context">Opens it.</param>
    /// <param name="part"><c>train</c> or <c>test</c>.</param>
    /// <param name="needed">How many images are needed.</param>
    /// <exception cref="OccamException">There are fewer.</exception>
    public static DataSet Open(ExperimentContext context, string part, int needed)
    {
        var data = context.OpenOr($"{Name}:{part}", $"glyphs:{part}");
        return data.Count >= needed
            ? Padded(data)
            : throw new OccamException($"{data.Name} has {CapacityFigure.Number(data.Count)} images here, and this scale takes "
                + $"{CapacityFigure.Number(needed)}: get all of {Name} with 'occam data get {Name}', or reproduce at a smaller scale");
    }

    /// <summary>The same images with labels drawn uniformly from all classes.</summary>
    public static DataSet WithRandomLabels(DataSet data, int seed) => WithRandomLabels(data, 0, seed);

    /// <summary>The same images, with such labels from one of them on.</summary>
    /// <param name="data">The images.</param>
    /// <param name="kept">The first so many keep their labels.</param>
    /// <param name="seed">Of the labels.</param>
    public static DataSet WithRandomLabels(DataSet data, int kept, int seed)
    {
        var random = new SeededRandom(seed, LabelStream);
        var labels = data.RequireLabels();
        return data.WithLabels(
            [.. labels.Select((label, i) => i < kept ? label : random.NextInt(data.Classes))],
            $"random labels (seed {seed}){(kept > 0 ? $" but for the first {CapacityFigure.Number(kept)}" : "")}");
    }

    // The substitute's images are smaller; the network's pooling needs 32×32.
    private static DataSet Padded(DataSet data)
    {
        if (data.ExampleShape is not [var channels, var height, var width] || (height == Side && width == Side))
        {
            return data;
        }

        var (inner, padded) = (data.ExampleSize, channels * Side * Side);
        var small = new float[checked(data.Count * inner)];
        data.CopyInputs([.. Enumerable.Range(0, data.Count)], small);
        var large = new float[checked(data.Count * padded)];
        var (top, left) = ((Side - height) / 2, (Side - width) / 2);
        for (var row = 0; row < data.Count * channels * height; row++)
        {
            var (plane, y) = (row / height, row % height);
            small.AsSpan(row * width, width).CopyTo(large.AsSpan((((plane * Side) + top + y) * Side) + left));
        }

        return DataSet.FromArrays($"{data.Name}, zeros around it to {Side}×{Side}", [channels, Side, Side], large, data.RequireLabels());
    }
}
