using MathNet.Numerics.Statistics;

namespace Occam.Lab.Significance;

/// <summary>
/// How a quantity changes over ordered levels, from several independent samples at each. The trend is the linear contrast of the levels'
/// means (e.g. Maxwell and Delaney, "Designing Experiments and Analyzing Data", ch. 6), with each level's own variance, as Welch has it.
/// </summary>
/// <param name="Rise">From the first level to the last, by the least-squares line through the means over the levels' ranks.</param>
/// <param name="Extremes">The last level's mean minus the first's.</param>
/// <param name="Spread">The standard deviation of a sample within its level, pooled over the levels; NaN where none has two.</param>
/// <param name="RankCorrelation">Spearman's ρ of level and mean.</param>
internal sealed record TrendEstimate(StudentEstimate Rise, StudentEstimate Extremes, double Spread, double RankCorrelation)
{
    /// <summary>The rise in standard deviations of a sample within its level: the effect's size, as Cohen's d.</summary>
    public double EffectSize => Rise.Value / Spread;

    /// <summary>Estimates the trend.</summary>
    /// <param name="levels">By level, in order, its samples: two levels or more, one sample or more in each.</param>
    public static TrendEstimate Of(IReadOnlyList<IReadOnlyList<double>> levels)
    {
        var (count, middle) = (levels.Count, (levels.Count - 1) / 2.0);
        // The slope by rank is Σ (i − middle) m_i / Σ (i − middle)², and there are count − 1 ranks from end to end.
        var squares = Enumerable.Range(0, count).Sum(i => (i - middle) * (i - middle));
        var rise = StudentEstimate.Contrast([.. levels.Select((samples, i) => ((i - middle) * (count - 1) / squares, samples))]);
        var freedom = levels.Sum(samples => samples.Count - 1);
        var within = levels.Sum(StudentEstimate.SquaredDeviations);
        return new TrendEstimate(
            rise,
            StudentEstimate.Contrast([(-1, levels[0]), (1, levels[^1])]),
            Math.Sqrt(within / freedom),
            Correlation.Spearman(Enumerable.Range(0, count).Select(i => (double)i), levels.Select(samples => samples.Average())));
    }
}
