using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>Where a parameter stands in flat memory: rows, each padded with zeros.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Start">Where its first number is.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Width">The numbers of a row.</param>
/// <param name="IsTransposed">Whether the rows are columns in the network.</param>
/// <param name="IsTrained">Whether it moves.</param>
internal sealed record DensePart(Parameter Parameter, int Start, int Rows, int Width, bool IsTransposed, bool IsTrained)
{
    /// <summary>From one row to the next.</summary>
    public int Stride { get; } = AlignedArray.Padded(Width);

    /// <summary>The numbers that it takes.</summary>
    public int Length => Rows * Stride;
}
