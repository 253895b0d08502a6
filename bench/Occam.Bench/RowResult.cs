using System.Collections.Immutable;

namespace Occam.Bench;

/// <summary>What a row came to.</summary>
/// <param name="Id">The row.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Must">How many times as fast as the best peer Occam has to be; null where something else is asked.</param>
public sealed record RowResult(string Id, string Title, double? Must)
{
    /// <summary>What is asked in place of <see cref="Must"/>.</summary>
    public string? Limit { get; init; }

    /// <summary>Occam's seconds: the least, and the median.</summary>
    public Times? Occam { get; init; }

    /// <summary>The best peer's.</summary>
    public Times? Peer { get; init; }

    /// <summary>What makes that peer fast, and its PyTorch.</summary>
    public string Trick { get; init; } = "";

    /// <summary>The peer's time over Occam's, round by round: the median, the least and the largest.</summary>
    public Ratio? Ratio { get; init; }

    /// <summary>The highest resident memory of Occam's process, in bytes.</summary>
    public long OccamBytes { get; init; }

    /// <summary>That of the best peer's.</summary>
    public long PeerBytes { get; init; }

    /// <summary>Occam's floating-point operations a second by a direct count, in 10⁹; 0 where nobody counts.</summary>
    public double Gflops { get; init; }

    /// <summary>How far the values are apart, relatively; null where all of them are drawn at random.</summary>
    public double? Difference { get; init; }

    /// <summary>How far those are apart that are drawn at random, in standard errors; null where there are none.</summary>
    public double? StandardErrors { get; init; }

    /// <summary>What is missed, or failed; empty where all that is asked is met.</summary>
    public ImmutableArray<string> Missed { get; init; } = [];

    /// <summary>What a reader should know: peers that failed.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Seconds of the rounds.</summary>
    /// <param name="Least">The least.</param>
    /// <param name="Median">The median.</param>
    public sealed record Times(double Least, double Median);
}
