using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Occam.Lab.Significance;

/// <summary>
/// Spearman's ρ of two quantities over n pairs. Its error is told on Fisher's scale: artanh ρ is nearly normal with variance
/// 1.06/(n − 3) (Fieller, Hartley, Pearson 1957).
/// </summary>
/// <param name="Value">ρ; NaN where a quantity is constant.</param>
/// <param name="Pairs">n.</param>
internal readonly record struct RankCorrelation(double Value, int Pairs)
{
    /// <summary>Fewer pairs than this say nothing: the approximation is for ten and more.</summary>
    public const int EnoughPairs = 10;

    private double Error => Math.Sqrt(1.06 / (Pairs - 3));

    // Artanh of what is within the next value below 1 that ranks of n pairs can have, for 1 itself is infinitely far away.
    private double Scaled
    {
        get
        {
            var most = 1 - (12 / (Pairs * ((double)Pairs * Pairs - 1)));
            return Math.Atanh(Math.Clamp(Value, -most, most));
        }
    }

    private bool IsKnown => Pairs >= EnoughPairs && !double.IsNaN(Value);

    /// <summary>The correlation of pairs.</summary>
    public static RankCorrelation Of(IReadOnlyList<double> x, IReadOnlyList<double> y) => new(Correlation.Spearman(x, y), x.Count);

    /// <summary>The p-value of the null hypothesis that the truth is at most <paramref name="bound"/>; 1 where little is known.</summary>
    public double IsAbove(double bound) => IsKnown ? Normal.CDF(0, 1, (Math.Atanh(bound) - Scaled) / Error) : 1;

    /// <summary>The p-value of the null hypothesis that the truth is at least <paramref name="bound"/>; 1 where little is known.</summary>
    public double IsBelow(double bound) => IsKnown ? Normal.CDF(0, 1, (Scaled - Math.Atanh(bound)) / Error) : 1;

    /// <summary>The interval that covers the truth with probability <paramref name="coverage"/>; NaN where too little is known.</summary>
    public (double Lower, double Upper) Interval(double coverage = 0.95)
    {
        if (!IsKnown)
        {
            return (double.NaN, double.NaN);
        }

        var reach = Normal.InvCDF(0, 1, (1 + coverage) / 2) * Error;
        return (Math.Tanh(Scaled - reach), Math.Tanh(Scaled + reach));
    }
}
