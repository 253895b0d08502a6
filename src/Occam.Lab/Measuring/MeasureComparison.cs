using Occam.Measures;

namespace Occam.Lab.Measuring;

/// <summary>One measure of two networks on the same data.</summary>
public sealed record MeasureComparison
{
    private const double Significance = 2;

    /// <summary>Compares two results of one measure.</summary>
    public MeasureComparison(MeasureResult a, MeasureResult b)
    {
        A = a;
        B = b;
        var difference = (b.Quantity ?? double.NaN) - (a.Quantity ?? double.NaN);
        (Basis, Difference) = a.PerExample.Length != b.PerExample.Length ? (BasisOf(difference), difference)
            : IsMeanOfExamples(a) && IsMeanOfExamples(b)
                ? (ErrorBasis.Paired, Uncertain.PairedDifference(b.PerExample, a.PerExample) with { Value = difference.Value })
            : IsQuantileOfExamples(a) && a.QuantileOfExamples == b.QuantileOfExamples
                ? (ErrorBasis.Resampled, PairedQuantiles.Difference(b.PerExample, a.PerExample, a.QuantileOfExamples!.Value))
            : (BasisOf(difference), difference);
    }

    /// <summary>The first network's result.</summary>
    public MeasureResult A { get; }

    /// <summary>The second network's result.</summary>
    public MeasureResult B { get; }

    /// <summary>B − A with its standard error; NaN where either has no value.</summary>
    public Uncertain Difference { get; }

    /// <summary>B/A; null where either has no value.</summary>
    public double? Ratio => B.Value / A.Value;

    /// <summary>What the difference's standard error comes from.</summary>
    public ErrorBasis Basis { get; }

    /// <summary>
    /// Whether the difference is more than twice its standard error, or than the residuals; never where no error is known.
    /// </summary>
    public bool Exceeds => Basis == ErrorBasis.Residuals
        ? Math.Abs(Difference.Value) > Difference.Residual
        : Difference.DiffersFromZero(Significance);

    /// <summary>
    /// In words: whether the second is larger, whether that is beyond chance, and, where it is, what it means. Empty where there is no
    /// finite difference.
    /// </summary>
    public string Verdict
    {
        get
        {
            var difference = Difference.Value;
            if (!double.IsFinite(difference))
            {
                return "";
            }

            var direction = difference > 0 ? "larger" : "smaller";
            return difference == 0 ? "equal" : Basis switch
            {
                ErrorBasis.Exact => $"{direction}, exact{Meaning}",
                ErrorBasis.Unknown => $"{direction}, error unknown",
                ErrorBasis.Residuals => Exceeds ? $"{direction}, beyond the residuals{Meaning}" : "within the residuals",
                _ => Exceeds ? $"{direction}, beyond 2 s.e.{Meaning}" : "within 2 s.e.",
            };
        }
    }

    private string Meaning => DifferenceWords.Of(A.Id, Difference.Value > 0) is { Length: > 0 } word ? $": {word}" : "";

    /// <summary>Why there is nothing to compare; null where there is.</summary>
    public string? NotApplicable => A.NotApplicable is { } a
        ? (B.NotApplicable is null ? $"for A: {a}" : a)
        : B.NotApplicable is { } b ? $"for B: {b}" : null;

    private static ErrorBasis BasisOf(Uncertain difference) => difference.IsExact ? ErrorBasis.Exact
        : !double.IsNaN(difference.StandardError) ? ErrorBasis.StandardErrors
        : difference.Residual is null ? ErrorBasis.Unknown : ErrorBasis.Residuals;

    // Of one example, and where a value is infinite, there is no spread of the differences.
    private static bool IsMeanOfExamples(MeasureResult result) =>
        result is { IsMeanOfExamples: true, Value: { } value, PerExample.Length: > 1 } && double.IsFinite(value);

    private static bool IsQuantileOfExamples(MeasureResult result) =>
        result is { QuantileOfExamples: not null, PerExample.Length: >= PairedQuantiles.FewestExamples };
}
