using System.Collections.Immutable;
using MathNet.Numerics.Statistics;

namespace Occam.Measures;

/// <summary>The mean over examples of a quantity that is known exactly, or estimated, for each.</summary>
public sealed record SampledMean
{
    /// <summary>The quantity, or its estimate, for each example.</summary>
    public required ImmutableArray<double> PerExample { get; init; }

    /// <summary>The mean over the examples.</summary>
    public double Mean => PerExample.Average();

    /// <summary>The standard error that the estimation brings; 0 where each example's quantity is exact.</summary>
    public double StandardError { get; init; }

    /// <summary>Whether each example's quantity is exact.</summary>
    public required bool IsExact { get; init; }

    /// <summary>How the estimate was made.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>s/√n: how much the mean would vary over other samples of as many examples.</summary>
    public double SamplingError => PerExample.Length > 1 ? PerExample.StandardDeviation() / Math.Sqrt(PerExample.Length) : 0;

    /// <summary>From exact values.</summary>
    public static SampledMean Exact(double[] perExample) => new() { PerExample = [.. perExample], IsExact = true };

    /// <summary>How many probes an example needs, of those asked for, for a standard error to be known at all.</summary>
    public static int Probes(int asked, int examples) => examples == 1 ? Math.Max(asked, 2) : asked;

    /// <summary>
    /// From independent unbiased estimates for each example. With two or more for each, the error comes from
    /// their spread within examples; with one, from the spread over all examples, which includes how much the
    /// examples differ and so is too large rather than too small.
    /// </summary>
    public static SampledMean Estimated(double[][] samples, string note)
    {
        var means = samples.Select(sample => sample.Average()).ToArray();
        var single = samples[0].Length < 2;
        var variance = single
            ? means.Length * means.Variance()
            : samples.Sum(sample => sample.Variance() / sample.Length);
        return new SampledMean
        {
            PerExample = [.. means],
            StandardError = Math.Sqrt(variance) / means.Length,
            IsExact = false,
            Notes = single ? [note, "one probe an example can't tell probing noise from differences between examples: the standard error covers both"] : [note],
        };
    }

    /// <summary>The same with every value multiplied by a factor.</summary>
    public SampledMean Times(double factor) => this with
    {
        PerExample = [.. PerExample.Select(value => value * factor)],
        StandardError = StandardError * factor,
    };
}
