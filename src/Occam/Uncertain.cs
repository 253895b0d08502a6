using System.Globalization;
using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Occam;

/// <summary>A number and how far it can be trusted.</summary>
/// <remarks>
/// A standard error is the standard deviation of an estimate over repetitions of what was random in it. A double is an exact number.
/// <para>
/// Errors propagate to first order and for independent numbers, σ_f² = Σ (∂f/∂x_i)² σ_i² (the delta method; e.g. Wasserman, "All of
/// Statistics", §5.5), which is exact for sums, differences and multiples. What is not independent, as two networks' values at
/// the same examples, is subtracted by <see cref="PairedDifference"/>.
/// </para>
/// <para>
/// Two kinds of error must not be mixed up. The <em>standard error</em> is that of the estimation on the given data: draws of noise,
/// random directions, points of a polytope; 0 where nothing was drawn. The <em>standard error over the examples</em> is that of a mean over
/// the data taken as a sample of their distribution: s/√n, s the standard deviation over the n examples. It isn't 0 of an exact mean.
/// </para>
/// <para>
/// An iterated number, such as an eigenvalue, has no standard error but a <em>residual</em>, and one that only bounds what is meant says
/// on which <see cref="Side"/>.
/// </para>
/// </remarks>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error, not negative: 0 where it is exact, NaN where none is known (null in JSON).</param>
/// <param name="Samples">How many independent samples it was estimated from; 0 where it is exact or that is not known.</param>
public readonly record struct Uncertain(double Value, double StandardError = 0, [property: JsonIgnore] int Samples = 0)
{
    // An error below this part of the value is that of adding up equal samples.
    private const double Rounding = 1e-13;

    /// <summary>Whether it is exact up to rounding, not estimated by sampling.</summary>
    [JsonIgnore]
    public bool IsExact => !IsEstimated;

    /// <summary>
    /// How many degrees of freedom the standard error has: with few, an interval is wider than the normal one. Infinite where not known.
    /// </summary>
    [JsonIgnore]
    public double DegreesOfFreedom { get; init; } = Samples > 1 ? Samples - 1 : double.PositiveInfinity;

    /// <summary>How far an iterated number may be from what it converges to; null where nothing was iterated.</summary>
    [JsonIgnore]
    public double? Residual { get; init; }

    /// <summary>On which side of what is meant the number lies for certain; null where it isn't a bound.</summary>
    [JsonIgnore]
    public BoundSide? Side { get; init; }

    /// <summary>
    /// The 95 % interval: 95 of 100 made from other random numbers hold what is estimated. x ± t·σ, with t of Student's distribution
    /// (1.96 where the degrees of freedom aren't known), if none was set. Null of an exact number, and where no error is known.
    /// </summary>
    [JsonIgnore]
    public Interval? Interval95
    {
        get => field ?? (IsEstimated && double.IsFinite(StandardError) && double.IsFinite(Value) ? Central() : null);
        init;
    }

    private bool IsEstimated { get; init; } = StandardError != 0;

    /// <summary>A number that is exact up to rounding.</summary>
    public static Uncertain Exact(double value) => new(value);

    /// <summary>An estimate, whatever its error, which may be 0 where all samples are alike.</summary>
    public static Uncertain Estimated(double value, double standardError, int samples = 0) =>
        new(value, standardError, samples) { IsEstimated = true };

    /// <summary>A number that isn't exact and whose standard error isn't known.</summary>
    public static Uncertain WithoutError(double value) => Estimated(value, double.NaN);

    /// <summary>A number that an iteration came to: it may be as far from what it converges to as its residual.</summary>
    public static Uncertain Iterated(double value, double residual) => WithoutError(value) with { Residual = residual };

    /// <summary>What is surely not above what is meant; it has no standard error.</summary>
    public static Uncertain LowerBound(double value) => WithoutError(value) with { Side = BoundSide.Lower };

    /// <summary>An exact number.</summary>
    public static implicit operator Uncertain(double value) => Exact(value);

    /// <summary>
    /// The mean of independent samples, Σx/n ± s/√n with s² = Σ(x − mean)²/(n − 1). The error of one sample alone isn't known: it is NaN;
    /// without samples the value is NaN too.
    /// </summary>
    public static Uncertain Mean(IReadOnlyList<double> samples) => samples.Count == 0
        ? Estimated(double.NaN, double.NaN)
        : Estimated(samples.Average(), ErrorOfMean(samples), samples.Count);

    /// <summary>
    /// <see cref="Mean(IReadOnlyList{double})"/> by the recurrence m_k = m_{k−1} + (x_k − m_{k−1})/k, as the figures' records have it; its
    /// last bits may differ.
    /// </summary>
    public static Uncertain RunningMean(IReadOnlyList<double> samples) => Estimated(samples.Mean(), ErrorOfMean(samples), samples.Count);

    /// <summary>The mean of the samples seen so far.</summary>
    internal static Uncertain Mean(RunningStatistics seen) =>
        Estimated(seen.Mean, seen.StandardDeviation / Math.Sqrt(seen.Count), (int)seen.Count);

    /// <summary>
    /// <see cref="Mean(IReadOnlyList{double})"/> with s from the differences to the finished mean, and under one root, √(s²/n), as
    /// means over a polytope have it; the error's last bits may differ.
    /// </summary>
    internal static Uncertain TwoPassMean(IReadOnlyList<double> samples)
    {
        var mean = samples.Average();
        return Estimated(mean, Math.Sqrt(Variance(samples, mean) / samples.Count), samples.Count);
    }

    /// <summary>The Monte-Carlo integral over a region, V·mean ± V·s/√n, from the integrand at uniform points of it.</summary>
    /// <param name="volume">V.</param>
    /// <param name="integrand">The integrand at the points, two or more.</param>
    public static Uncertain Integral(double volume, IReadOnlyList<double> integrand)
    {
        var mean = integrand.Average();
        return Estimated(volume * mean, volume * Math.Sqrt(Variance(integrand, mean)) / Math.Sqrt(integrand.Count), integrand.Count);
    }

    /// <summary>
    /// The mean over n examples of a quantity that is estimated at each by independent samples: the error is √(Σ_i s_i²/m_i)/n, that of
    /// the estimation alone. With one sample an example it is s/√n of them all, which covers how much the examples
    /// differ too, and so is too large rather than too small.
    /// </summary>
    /// <remarks>
    /// The degrees of freedom are Satterthwaite's (1946), (Σ s_i²)²/Σ (s_i⁴/(m − 1)).
    /// </remarks>
    /// <param name="samples">By example, the samples of its quantity: equally many, one or more.</param>
    internal static Uncertain MeanOverExamples(IReadOnlyList<double[]> samples)
    {
        double[] means = [.. samples.Select(sample => sample.Average())];
        var each = samples[0].Length;
        double[] variances = each < 2 ? [means.Length * means.Variance()] : [.. samples.Select(sample => sample.Variance() / each)];
        var variance = variances.Sum();
        return Estimated(means.Average(), Math.Sqrt(variance) / means.Length, samples.Sum(sample => sample.Length)) with
        {
            DegreesOfFreedom = each < 2 ? means.Length - 1
                : variance > 0 ? variance * variance * (each - 1) / variances.Sum(one => one * one)
                : double.PositiveInfinity,
        };
    }

    /// <summary>
    /// The mean of the differences b_i − a_i, whose error is s/√n of the differences: what a and b share, such as hard examples, drops out.
    /// </summary>
    /// <param name="b">By example, what is subtracted from.</param>
    /// <param name="a">What is subtracted, at the same examples.</param>
    /// <exception cref="ArgumentException">There are not equally many.</exception>
    public static Uncertain PairedDifference(IReadOnlyList<double> b, IReadOnlyList<double> a)
    {
        if (a.Count != b.Count)
        {
            throw new ArgumentException($"{b.Count} and {a.Count} values can't be paired: give as many of both", nameof(a));
        }

        var n = a.Count;
        var mean = Enumerable.Range(0, n).Average(i => b[i] - a[i]);
        var variance = Enumerable.Range(0, n).Sum(i => Math.Pow(b[i] - a[i] - mean, 2)) / (n - 1);
        return Estimated(mean, Math.Sqrt(variance / n), n);
    }

    /// <summary>
    /// The difference of independent numbers, squared by Math.Pow as the figures' records have it; its last bit may differ from
    /// that of <c>−</c>.
    /// </summary>
    internal static Uncertain DifferenceByPowers(Uncertain left, Uncertain right) =>
        Of(left.Value - right.Value, Math.Sqrt(Math.Pow(left.StandardError, 2) + Math.Pow(right.StandardError, 2)), left, right);

    /// <summary>The sum of independent numbers, √(σ² + τ²).</summary>
    public static Uncertain operator +(Uncertain left, Uncertain right) =>
        Of(left.Value + right.Value, Joint(left.StandardError, right.StandardError), left, right);

    /// <summary>The difference of independent numbers, √(σ² + τ²).</summary>
    public static Uncertain operator -(Uncertain left, Uncertain right) =>
        Of(left.Value - right.Value, Joint(left.StandardError, right.StandardError), left, right);

    /// <summary>A multiple: the error times |factor|.</summary>
    public static Uncertain operator *(Uncertain number, double factor) => number with
    {
        Value = number.Value * factor,
        StandardError = number.StandardError * Math.Abs(factor),
        Residual = number.Residual * Math.Abs(factor),
        Side = factor >= 0 ? number.Side : null,
        Interval95 = null,
    };

    /// <summary>The ratio of independent numbers x/y, to first order: √(σ² + (x/y)² τ²)/|y|.</summary>
    public static Uncertain operator /(Uncertain left, Uncertain right)
    {
        var ratio = left.Value / right.Value;
        return Of(ratio, Joint(left.StandardError, ratio * right.StandardError) / Math.Abs(right.Value), left, right) with
        {
            Residual = left.Residual is null && right.Residual is null
                ? null : ((left.Residual ?? 0) + (Math.Abs(ratio) * (right.Residual ?? 0))) / Math.Abs(right.Value),
        };
    }

    /// <summary>What a function makes of it, to first order: f(x) ± |f′(x)|σ.</summary>
    /// <param name="value">f(x).</param>
    /// <param name="slope">f′(x).</param>
    public Uncertain Through(double value, double slope) => this with
    {
        Value = value,
        StandardError = Math.Abs(slope) * StandardError,
        Residual = Math.Abs(slope) * Residual,
        Side = null,
        Interval95 = null,
    };

    /// <summary>Whether it differs from 0 by more than so many standard errors; never where the error isn't known.</summary>
    public bool DiffersFromZero(double standardErrors = 2) => Math.Abs(Value) > standardErrors * StandardError;

    /// <summary>The same, exact where the error is but that of rounding: samples that are equal have none.</summary>
    internal Uncertain ExactWhereRounding() => StandardError <= Rounding * Math.Abs(Value) ? Exact(Value) : this;

    /// <summary>The same, but an estimate from samples that were all alike has no known error instead of 0.</summary>
    internal Uncertain UnknownIfAlike() => IsEstimated && StandardError == 0 ? this with { StandardError = double.NaN } : this;

    /// <summary>
    /// The same, but with an error of 0 where it is of fewer than two samples, for figures' records, which have that there.
    /// </summary>
    internal Uncertain ZeroErrorOfOne() => Samples < 2 ? Estimated(Value, 0) : this;

    /// <summary>The value in full, ± its error where it has one.</summary>
    public override string ToString() => StandardError == 0
        ? Value.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Value} ± {StandardError}");

    // What is made of exact numbers is exact. The degrees of freedom are Welch's and Satterthwaite's.
    private static Uncertain Of(double value, double error, Uncertain left, Uncertain right) =>
        new(value, error, left.Samples == 0 ? right.Samples : right.Samples == 0 ? left.Samples : Math.Min(left.Samples, right.Samples))
        {
            IsEstimated = left.IsEstimated || right.IsEstimated,
            DegreesOfFreedom = JointFreedom(left, right),
            Residual = left.Residual is null && right.Residual is null ? null : (left.Residual ?? 0) + (right.Residual ?? 0),
        };

    private static double JointFreedom(Uncertain left, Uncertain right)
    {
        if (left.StandardError == 0 || right.StandardError == 0)
        {
            return left.StandardError == 0 ? right.DegreesOfFreedom : left.DegreesOfFreedom;
        }

        // Relative to each other, so that no fourth power leaves the range of a double.
        var part = Math.Pow(right.StandardError / left.StandardError, 2);
        var freedom = Math.Pow(1 + part, 2) / ((1 / left.DegreesOfFreedom) + (part * part / right.DegreesOfFreedom));
        return double.IsNaN(freedom) ? double.PositiveInfinity : freedom;
    }

    private Interval Central()
    {
        var t = double.IsInfinity(DegreesOfFreedom) ? Normal.InvCDF(0, 1, 0.975) : StudentT.InvCDF(0, 1, DegreesOfFreedom, 0.975);
        return new Interval(Value - (t * StandardError), Value + (t * StandardError));
    }

    private static double Joint(double left, double right) =>
        left == 0 ? Math.Abs(right) : right == 0 ? Math.Abs(left) : Math.Sqrt((left * left) + (right * right));

    private static double ErrorOfMean(IReadOnlyList<double> samples) => samples.StandardDeviation() / Math.Sqrt(samples.Count);

    private static double Variance(IReadOnlyList<double> samples, double mean) =>
        samples.Sum(sample => (sample - mean) * (sample - mean)) / (samples.Count - 1);
}
