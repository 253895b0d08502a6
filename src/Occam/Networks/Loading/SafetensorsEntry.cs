using System.Collections.Immutable;

namespace Occam.Networks.Loading;

/// <summary>A tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type as the format writes it: F32, BF16, I64.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">Where its bytes begin, from the end of the header on.</param>
/// <param name="End">Where they end.</param>
public sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End)
{
    /// <summary>How many numbers it holds.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether they are floating-point numbers of a type that can be read.</summary>
    public bool IsFloatingPoint => Type is "F64" or "F32" or "F16" or "BF16";
}
