using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Occam.Lab.Significance;

/// <summary>
/// Whether all but a share of a normal population stay below a bound, from samples of it: the test whose inverse is the one-sided normal
/// tolerance limit. √n (bound − mean)/s follows the noncentral t distribution with n − 1 degrees of freedom and noncentrality √n z, z
/// the number of standard deviations from the population's mean to the bound (Owen 1968; Krishnamoorthy and Mathew 2009, §2.2).
/// </summary>
internal static class ToleranceLimit
{
    private const int Order = 200;
    private const int Halvings = 60;

    // Of a χ²'s root, in standard deviations: what is beyond is smaller than what a double tells from 1.
    private const double Reach = 9;

    /// <summary>
    /// The p-value of the null hypothesis that a share or more of the population is above a bound: small where the samples lie so far below
    /// it, by their own spread, that fewer are.
    /// </summary>
    /// <param name="samples">Independent samples, two or more; with fewer nothing is known.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="share">The share, above 0 and below 1.</param>
    public static double PValue(IReadOnlyList<double> samples, double bound, double share)
    {
        var mean = StudentEstimate.Mean(samples);
        return mean.StandardError > 0 && double.IsFinite(mean.DegreesOfFreedom)
            ? UpperTail(
                (bound - mean.Value) / mean.StandardError, mean.DegreesOfFreedom,
                Math.Sqrt(samples.Count) * Normal.InvCDF(0, 1, 1 - share))
            : mean.StandardError == 0 && mean.Value <= bound ? 0
            : 1;
    }

    /// <summary>
    /// The tolerance limit itself: the bound that all but a share of the population is below, with the confidence of a test at
    /// <paramref name="level"/>; NaN of fewer than two samples.
    /// </summary>
    /// <param name="samples">Independent samples.</param>
    /// <param name="share">The share, above 0 and below 1.</param>
    /// <param name="level">The p-value that the bound has.</param>
    public static double UpperLimit(IReadOnlyList<double> samples, double share, double level)
    {
        var mean = StudentEstimate.Mean(samples);
        if (!(mean.StandardError > 0 && double.IsFinite(mean.DegreesOfFreedom)))
        {
            return mean.StandardError == 0 ? mean.Value : double.NaN;
        }

        var noncentrality = Math.Sqrt(samples.Count) * Normal.InvCDF(0, 1, 1 - share);
        var (low, high) = (0.0, 1.0);
        while (UpperTail(high, mean.DegreesOfFreedom, noncentrality) > level)
        {
            (low, high) = (high, 2 * high);
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = UpperTail(middle, mean.DegreesOfFreedom, noncentrality) > level ? (middle, high) : (low, middle);
        }

        return mean.Value + (high * mean.StandardError);
    }

    /// <summary>P(T ≥ t) of the noncentral t distribution: the mean of Φ(δ − t u) over u = √(χ²_ν/ν).</summary>
    /// <param name="t">The point.</param>
    /// <param name="freedom">The degrees of freedom ν.</param>
    /// <param name="noncentrality">δ.</param>
    internal static double UpperTail(double t, double freedom, double noncentrality)
    {
        // The root has mode and mean near 1, and a variance of about 1/(2ν).
        var spread = Reach / Math.Sqrt(2 * freedom);
        var scale = Math.Log(2) + (freedom / 2 * Math.Log(freedom / 2)) - SpecialFunctions.GammaLn(freedom / 2);
        double Density(double u) => u <= 0 ? 0 : Math.Exp(scale + ((freedom - 1) * Math.Log(u)) - (freedom / 2 * u * u));
        return Math.Clamp(
            Integrate.GaussLegendre(
                u => Density(u) * Normal.CDF(0, 1, noncentrality - (t * u)), Math.Max(0, 1 - spread), 1 + spread, Order),
            0,
            1);
    }
}
