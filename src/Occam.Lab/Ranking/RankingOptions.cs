namespace Occam.Lab.Ranking;

/// <summary>How measures are ranked.</summary>
public sealed record RankingOptions
{
    /// <summary>How many test examples each gap was measured on; null gives each pair of runs the same weight in the sign error.</summary>
    public int? TestExamples { get; init; } = 10_000;

    /// <summary>
    /// The least effective size of an environment of the sign error: 12 in Dziugaite et al. 2020, which needs repetitions; 1 takes every
    /// environment with a pair of any weight.
    /// </summary>
    public double LeastEffectiveSize { get; init; } = 12;

    /// <summary>How many times the runs are drawn again for the intervals; 0 for none.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The part of the resamples inside an interval.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The seed of the resampling.</summary>
    public int Seed { get; init; }

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; init; }
}
