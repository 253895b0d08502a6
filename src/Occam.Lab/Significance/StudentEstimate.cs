using MathNet.Numerics.Distributions;

namespace Occam.Lab.Significance;

/// <summary>
/// An estimate whose error is estimated with it: (estimate − truth)/standard error follows Student's t, exactly for a mean of normal
/// numbers and closely for a contrast of means of unequal variances (Welch 1947, Satterthwaite 1946).
/// </summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error: 0 where all samples are equal, NaN where there are too few.</param>
/// <param name="DegreesOfFreedom">Those of the standard error; not a whole number where several variances make it up.</param>
public readonly record struct StudentEstimate(double Value, double StandardError, double DegreesOfFreedom)
{
    /// <summary>The mean of independent samples, with s/√n at n − 1 degrees of freedom.</summary>
    public static StudentEstimate Mean(IReadOnlyList<double> samples) => Contrast([(1, samples)]);

    /// <summary>
    /// Σ w_i m_i over the means m_i of independent groups: the variance is Σ w_i² s_i²/n_i at (Σ v_i)²/Σ v_i²/(n_i − 1) degrees of freedom,
    /// v_i = w_i² s_i²/n_i.
    /// </summary>
    /// <param name="groups">Each group's weight w and its samples, one or more; with one alone the error isn't known.</param>
    public static StudentEstimate Contrast(IReadOnlyList<(double Weight, IReadOnlyList<double> Samples)> groups)
    {
        (double Value, double Variance, int Freedom)[] parts =
        [
            .. groups.Where(group => group.Weight != 0).Select(group => (
                group.Weight * group.Samples.Average(),
                group.Weight * group.Weight * SquaredDeviations(group.Samples) / (group.Samples.Count - 1) / group.Samples.Count,
                group.Samples.Count - 1)),
        ];
        var variance = parts.Sum(part => part.Variance);

        // Shares of the variance: the squares of very small or very large variances are no numbers of double precision.
        return new StudentEstimate(
            parts.Sum(part => part.Value), Math.Sqrt(variance),
            1 / parts.Sum(part => Math.Pow(part.Variance / variance, 2) / part.Freedom));
    }

    /// <summary>The p-value of the null hypothesis that the truth is at most <paramref name="bound"/>: small where it is above.</summary>
    public double IsAbove(double bound) => Tail(bound - Value);

    /// <summary>The p-value of the null hypothesis that the truth is at least <paramref name="bound"/>: small where it is below.</summary>
    public double IsBelow(double bound) => Tail(Value - bound);

    /// <summary>The interval that covers the truth with probability <paramref name="coverage"/>; NaN where no error is known.</summary>
    public (double Lower, double Upper) Interval(double coverage = 0.95)
    {
        if (!(StandardError > 0 && double.IsFinite(DegreesOfFreedom)))
        {
            return StandardError == 0 ? (Value, Value) : (double.NaN, double.NaN);
        }

        var reach = StudentT.InvCDF(0, 1, DegreesOfFreedom, (1 + coverage) / 2) * StandardError;
        return (Value - reach, Value + reach);
    }

    /// <summary>Σ (x − mean)² of samples: 0 where all are equal, although their mean in double precision may be another number.</summary>
    internal static double SquaredDeviations(IReadOnlyList<double> samples)
    {
        if (samples.All(sample => sample == samples[0]))
        {
            return 0;
        }

        var mean = samples.Average();
        return samples.Sum(sample => (sample - mean) * (sample - mean));
    }

    // P(T ≥ −difference/σ) without an error: certain on one side, and nothing said where it isn't known.
    private double Tail(double difference) =>
        StandardError > 0 && double.IsFinite(DegreesOfFreedom) ? StudentT.CDF(0, 1, DegreesOfFreedom, difference / StandardError)
        : StandardError == 0 && difference < 0 ? 0
        : 1;
}
