using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks.Loading;

namespace Occam.Lab.Measuring;

/// <summary>What to measure, on what, and how.</summary>
public sealed record MeasuringRequest
{
    /// <summary>The name of the data set, or its file.</summary>
    public required string Data { get; init; }

    /// <summary>How the data are found and what is taken of them.</summary>
    public required DataOptions DataOptions { get; init; }

    /// <summary>The measures in the order in which they are shown.</summary>
    public required ImmutableArray<Measure> Measures { get; init; }

    /// <summary>How they are computed.</summary>
    public required MeasureOptions Options { get; init; }

    /// <summary>Which function of the network is measured.</summary>
    public FunctionChoice Function { get; init; } = FunctionChoice.Default;

    /// <summary>The file of the network as it was before training, if it is given.</summary>
    public string? Initial { get; init; }

    /// <summary>The precision; the network's own when null.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The device's name.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How many threads one operator may use; chosen by the network's size when null.</summary>
    public int? Threads { get; init; }
}
