namespace Occam.Data;

/// <summary>How data are found and what is taken of them.</summary>
public sealed record DataOptions
{
    /// <summary>The folder that is searched first for named data sets (<c>--data-root</c>).</summary>
    public string? Root { get; init; }

    /// <summary>The number of examples of a fixed random subset; all of them when absent or not smaller than the set.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of the random subset.</summary>
    public int Seed { get; init; }

    /// <summary>The normalization of the inputs.</summary>
    public NormalizationChoice Normalization { get; init; } = NormalizationChoice.Default;

    /// <summary>The column of a table that holds the answers; y, label, target or class when null.</summary>
    public string? Label { get; init; }

    /// <summary>The size to which pictures are resized; their own, which must be one, when null.</summary>
    public PictureSize? PictureSize { get; init; }

    /// <summary>The most bytes that the arrays of a file may take, unpacked; more is refused before it is read.</summary>
    public long MaximumBytes { get; init; } = 8L << 30;

    /// <summary>
    /// The most bytes of a file, or of the numbers of a table, that are read at once: of what is larger, examples are read as they are
    /// asked for, where its format allows it.
    /// </summary>
    public long MostInMemory { get; init; } = 256L << 20;
}
