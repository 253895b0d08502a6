using System.Collections.Immutable;
using Occam.Lab.Ranking;

namespace Occam.Lab.Explaining;

/// <summary>A run among the others of its store, all measured on the same examples.</summary>
/// <param name="Outcome">What is compared with complexity: <c>test error</c>, <c>test loss</c> or <c>training loss</c>.</param>
/// <param name="Runs">The runs, this one among them.</param>
/// <param name="Examples">How many examples complexity was measured on.</param>
public sealed record RunComparison(string Outcome, ImmutableArray<ComparedRun> Runs, int Examples)
{
    private const int FewestForOrder = 5;

    /// <summary>This run.</summary>
    public ComparedRun This => Runs.Single(run => run.IsThis);

    /// <summary>The place of this run by complexity, from 1 for the simplest.</summary>
    public int PlaceByComplexity => 1 + Runs.Count(run => run.Complexity.Value < This.Complexity.Value);

    /// <summary>The place of this run by outcome, from 1 for the best.</summary>
    public int PlaceByOutcome => 1 + Runs.Count(run => run.Outcome < This.Outcome);

    /// <summary>
    /// Kendall's τ between complexity and outcome, null for fewer than five runs. The error is its standard deviation where
    /// the two have nothing to do with each other, √(2(2n + 5)/(9n(n − 1))) for n runs (Kendall 1938).
    /// </summary>
    public Uncertain? RankCorrelation => Runs.Length >= FewestForOrder
        && KendallTau.Compute(
            new RankingSample([], [], [.. Runs.Select(run => run.Complexity.Value)], [.. Runs.Select(run => run.Outcome)])) is { } tau
        ? new Uncertain(tau, Math.Sqrt(2.0 * ((2 * Runs.Length) + 5) / (9.0 * Runs.Length * (Runs.Length - 1))))
        : null;
}
