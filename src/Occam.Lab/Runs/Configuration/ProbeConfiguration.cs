using Occam.Measures;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A measure that is taken while a network trains.</summary>
/// <param name="Measure">Which.</param>
public sealed record ProbeConfiguration(Measure Measure)
{
    /// <summary>When.</summary>
    public Cadence Every { get; init; } = Cadence.EveryEpochs(1);

    /// <summary>On which examples: `train`, `test`, or data as `occam measure --data` takes them.</summary>
    public string On { get; init; } = "train";

    /// <summary>On so many of them, chosen at random once; on all when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>Random directions for each example in place of an exact Jacobian; exact when left out.</summary>
    public int? Estimate { get; init; }

    /// <summary>Whether a measure that has a value a layer also reports it where that costs more time.</summary>
    public bool Layers { get; init; }

    /// <summary>The seed of the choice and of the measure's own random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// What the metric is called; the measure when left out (`margin`, `group-norm(p=1)`), with the data before it where they aren't the
    /// training data (`test.margin`).
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The metric's name.</summary>
    internal string MetricName => Name ?? (On == "train" ? Measure.Name : $"{On}.{Measure.Name}");
}
