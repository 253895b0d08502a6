using System.Collections.Immutable;

namespace Occam.Measures;

/// <summary>The mean over examples of a quantity that is known exactly, or estimated, for each.</summary>
public sealed record SampledMean
{
    /// <summary>The quantity, or its estimate, for each example.</summary>
    public required ImmutableArray<double> PerExample { get; init; }

    /// <summary>The mean over the examples, with the standard error that the estimation brings.</summary>
    public required Uncertain Mean { get; init; }

    /// <summary>How the estimate was made.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>
    /// The mean's <em>standard error over the examples</em>, as <see cref="Uncertain"/> says; null of one example, which tells nothing of
    /// it.
    /// </summary>
    public double? StandardErrorOverExamples => PerExample.Length < 2 ? null : Uncertain.Mean(PerExample).StandardError;

    /// <summary>From exact values.</summary>
    public static SampledMean Exact(double[] perExample) => new() { PerExample = [.. perExample], Mean = perExample.Average() };

    /// <summary>How many directions an example needs, of those asked for, for a standard error to be known at all.</summary>
    public static int Directions(int asked, int examples) => examples == 1 ? Math.Max(asked, 2) : asked;

    /// <summary>From independent unbiased estimates for each example, as <see cref="Uncertain.MeanOverExamples"/> has them.</summary>
    public static SampledMean Estimated(double[][] samples, string note) => new()
    {
        PerExample = [.. samples.Select(sample => sample.Average())],
        Mean = Uncertain.MeanOverExamples(samples),
        Notes = samples[0].Length < 2
            ? [note, "one direction an example can't tell sampling noise from differences between examples: the standard error covers both"]
            : [note],
    };

    /// <summary>
    /// From m estimates for each example along directions that are orthogonal to each other, out of n: each is unbiased, and the mean of
    /// all n is exact, so that the estimates are drawn without replacement, as it were. Their correlation is −1/(n − 1), and the variance
    /// of their mean is s²/m (1 − m/n), with s² the sample variance.
    /// </summary>
    internal static SampledMean WithoutReplacement(double[][] samples, long n, string note)
    {
        var estimated = Estimated(samples, note);
        var left = samples[0].Length < 2 ? 1 : 1 - ((double)samples[0].Length / n);
        return estimated with { Mean = estimated.Mean with { StandardError = estimated.Mean.StandardError * Math.Sqrt(left) } };
    }

    /// <summary>The same with every value multiplied by a factor.</summary>
    public SampledMean Times(double factor)
    {
        ImmutableArray<double> perExample = [.. PerExample.Select(value => value * factor)];
        return this with { PerExample = perExample, Mean = (Mean * factor) with { Value = perExample.Average() } };
    }
}
