using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// A graph's input or output: its name, element type, and sizes (null where free; the first is the batch;
/// default where the file doesn't say).
/// </summary>
public sealed record ValueInfo(string Name, ScalarType Type, ImmutableArray<long?> Shape)
{
    /// <summary>
    /// The names that the file gives to free sizes ("batch", "sequence"), null for those without; default where there are none.
    /// </summary>
    public ImmutableArray<string?> Symbols { get; init; }

    /// <summary>The number of ONNX's element type that the file declares; 0 where it isn't known.</summary>
    public int ElementType { get; init; }

    /// <summary>Whether it holds floating-point numbers: a derivative by it can be taken.</summary>
    public bool IsFloatingPoint => Type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>The same with floating-point numbers of another type, if it has any.</summary>
    internal ValueInfo Declaring(ScalarType type) => IsFloatingPoint ? this with { Type = type } : this;

    /// <summary>
    /// Which dimension counts the examples: the one that has the name of another input's batch, or is named so; else, where the first
    /// has a fixed size, the only free one; else the first. Null for a single number.
    /// </summary>
    /// <param name="batch">What the file calls the batch at another input, if it calls it anything.</param>
    public int? BatchAxis(string? batch = null)
    {
        if (Shape.IsDefault)
        {
            return 0;
        }

        if (Shape.IsEmpty)
        {
            return null;
        }

        var named = Symbols.IsDefault ? -1 : Symbols.IndexOf(batch ?? "");
        named = named < 0 && !Symbols.IsDefault ? Array.FindIndex([.. Symbols], IsNameOfBatch) : named;
        return named >= 0 ? named : Shape[0] is not null && Shape.Count(size => size is null) == 1 ? Shape.IndexOf(null) : 0;
    }

    private static bool IsNameOfBatch(string? symbol) =>
        symbol is "N" or "n" or "B" or "b" || symbol?.Contains("batch", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>The sizes of one example, without the batch dimension; default where nothing is known.</summary>
    public ImmutableArray<long?> ExampleShape => Shape.IsDefaultOrEmpty ? default : Shape[1..];

    /// <summary>The batch size that the graph was written for, or null where any will do.</summary>
    public long? Batch => Shape.IsDefaultOrEmpty ? null : Shape[0];

    /// <summary>The shape as people write it: <c>N × 3 × 32 × 32</c>.</summary>
    public override string ToString() =>
        Shape.IsDefault ? "any shape"
            : Shape.IsEmpty ? "a number"
            : string.Join(" × ", Shape.Select((size, i) => size?.ToString() ?? (i == 0 ? "N" : "?")));
}
