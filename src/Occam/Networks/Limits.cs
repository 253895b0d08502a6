using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// How much one node of a network may ask for. A model file of a few bytes can name a shape of any size; an
/// operator that makes elements out of numbers in the model (a shape, repeats, pads, scales) checks them here
/// before it asks libtorch, which would take all memory.
/// </summary>
internal static class Limits
{
    private const long LeastMost = 1L << 24;
    private const long GreatestMost = 1L << 30;
    private const long BytesPerElement = 16;

    private static long s_mostElements =
        Math.Clamp(ManagedMemory.OfMachine / BytesPerElement, LeastMost, GreatestMost);

    /// <summary>
    /// The most elements of one tensor: 2³⁰, or fewer where 16 bytes for each would not fit this machine's memory, or where a file
    /// of its size may ask for fewer while it is loaded.
    /// </summary>
    public static long MostElements
    {
        get => Math.Min(s_mostElements, LoadingScope.Current?.MostElements ?? long.MaxValue);
        set => s_mostElements = value;
    }

    /// <summary>Checks the shape that a node is about to make.</summary>
    /// <returns>How many elements it has.</returns>
    /// <exception cref="OccamException">A size is negative, or there are too many elements.</exception>
    public static long CheckElements(Node node, params ReadOnlySpan<long> shape)
    {
        var negative = shape.IndexOfAnyInRange(long.MinValue, -1);
        if (negative >= 0)
        {
            throw new OccamException(
                $"{node} asks for a tensor of size {shape[negative]} in dimension {negative}: no size may be negative");
        }

        return Elements(shape) is { } elements && elements <= MostElements
            ? elements
            : throw new OccamException($"{node} asks for {Excess(shape)}");
    }

    /// <summary>What is asked for, what is allowed and how that is raised, as the end of a sentence about who asks.</summary>
    public static string Excess(ReadOnlySpan<long> shape)
    {
        var wanted = $"a tensor of {string.Join("×", shape.ToArray())} elements";
        return LoadingScope.Current is { } loading
            ? $"{wanted}{(Elements(shape) is { } elements and < long.MaxValue / LoadingScope.BytesPerNumber
                ? $" ({TorchMemoryException.Size(elements * LoadingScope.BytesPerNumber)})" : "")}, more than {loading.Allowance}"
            : $"{wanted}, more than the {MostElements:N0} allowed here: take a smaller batch, or check the model";
    }

    /// <summary>Checks how often a node is about to multiply, while shapes and constants are computed.</summary>
    /// <exception cref="OccamException">It would take too long.</exception>
    public static void CheckWork(Node node, params ReadOnlySpan<long> factors)
    {
        if (LoadingScope.Current is { } loading)
        {
            var product = 1.0;
            foreach (var factor in factors)
            {
                product *= factor;
            }

            loading.CheckWork(node, product);
        }
    }

    /// <summary>The product of non-negative sizes, or null where it passes <see cref="long.MaxValue"/>.</summary>
    public static long? Elements(ReadOnlySpan<long> shape)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        UInt128 product = 1;
        foreach (var size in shape)
        {
            product *= (ulong)size;
            if (product > long.MaxValue)
            {
                return null;
            }
        }

        return (long)product;
    }
}
