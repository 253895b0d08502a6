using MathNet.Numerics.Statistics;
using Occam.Lab.Reports;
using Occam.Lab.Text;

namespace Occam.Lab.Explaining;

/// <summary>A number and how far it can be trusted.</summary>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error: 0 where it is exact, NaN where it can't be told.</param>
public readonly record struct Uncertain(double Value, double StandardError = 0)
{
    // Samples that differ by less than this part of them are the same number, rounded differently.
    private const double Rounding = 1e-13;

    /// <summary>The mean of samples, with the standard error of their spread; of one sample alone the error can't be told.</summary>
    public static Uncertain Of(IReadOnlyList<double> samples)
    {
        var (mean, error) = (samples.Average(), samples.Count > 1 ? samples.StandardDeviation() / Math.Sqrt(samples.Count) : double.NaN);
        return new Uncertain(mean, error <= Rounding * Math.Abs(mean) ? 0 : error);
    }

    /// <summary>The number as it is typeset, with its error where it has one.</summary>
    public override string ToString() => HasError ? Numbers.WithError(Value, StandardError) : Numbers.Format(Value);

    /// <summary>The same for a page.</summary>
    internal RichText Text => HasError ? RichText.WithError(Value, StandardError) : Value;

    /// <summary>Whether it differs from 0 by more than two standard errors; never where the error can't be told.</summary>
    internal bool IsClear => IsClearBy(2);

    /// <summary>Whether it differs from 0 by more than so many standard errors.</summary>
    internal bool IsClearBy(double errors) => Math.Abs(Value) > errors * StandardError;

    private bool HasError => StandardError > 0 && double.IsFinite(StandardError);

    /// <summary>The same times a factor.</summary>
    public Uncertain Times(double factor) => new(Value * factor, StandardError * Math.Abs(factor));
}
