using System.Collections.Immutable;
using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>One measure of two networks on the same data.</summary>
public sealed record MeasureComparison
{
    private const double Significance = 2;
    private const double SameMean = 1e-9;

    /// <summary>Compares two results of one measure.</summary>
    public MeasureComparison(MeasureResult a, MeasureResult b)
    {
        A = a;
        B = b;
        (Basis, StandardError) = IsMeanOfExamples(a) && IsMeanOfExamples(b) && a.PerExample.Length == b.PerExample.Length
            ? (ErrorBasis.Paired, PairedError(a.PerExample, b.PerExample))
            : a.Exact && b.Exact
            ? (ErrorBasis.Exact, 0)
            : (ErrorBasis.StandardErrors, Math.Sqrt((a.StandardError * a.StandardError) + (b.StandardError * b.StandardError)));
    }

    /// <summary>The first network's result.</summary>
    public MeasureResult A { get; }

    /// <summary>The second network's result.</summary>
    public MeasureResult B { get; }

    /// <summary>B − A; null where either has no value.</summary>
    public double? Difference => B.Value - A.Value;

    /// <summary>B/A; null where either has no value.</summary>
    public double? Ratio => B.Value / A.Value;

    /// <summary>The standard error of the difference; 0 where it is exact.</summary>
    public double StandardError { get; }

    /// <summary>What the standard error comes from.</summary>
    public ErrorBasis Basis { get; }

    /// <summary>Whether the difference is more than twice its standard error.</summary>
    public bool Exceeds => Difference is { } difference && Math.Abs(difference) > Significance * StandardError;

    /// <summary>In words: whether the second is larger, and whether that is beyond chance. Empty where there is no finite difference.</summary>
    public string Verdict
    {
        get
        {
            if (Difference is not { } difference || !double.IsFinite(difference))
            {
                return "";
            }

            var direction = difference > 0 ? "larger" : "smaller";
            return difference == 0 ? "equal"
                : Basis == ErrorBasis.Exact ? $"{direction}, exact"
                : Exceeds ? $"{direction}, beyond 2 s.e." : "within 2 s.e.";
        }
    }

    /// <summary>Why there is nothing to compare; null where there is.</summary>
    public string? NotApplicable => A.NotApplicable is { } a
        ? (B.NotApplicable is null ? $"for A: {a}" : a)
        : B.NotApplicable is { } b ? $"for B: {b}" : null;

    // Some measures keep values by example of which theirs is not the mean, such as a quantile of margins.
    private static bool IsMeanOfExamples(MeasureResult result) =>
        result is { Value: { } value, PerExample: { IsDefault: false, Length: > 1 } values } && Math.Abs(values.Average() - value) <= SameMean * Math.Abs(value);

    /// <summary>s/√n of the differences.</summary>
    private static double PairedError(ImmutableArray<double> a, ImmutableArray<double> b)
    {
        var n = a.Length;
        var mean = Enumerable.Range(0, n).Average(i => b[i] - a[i]);
        var variance = Enumerable.Range(0, n).Sum(i => Math.Pow(b[i] - a[i] - mean, 2)) / (n - 1);
        return Math.Sqrt(variance / n);
    }
}
