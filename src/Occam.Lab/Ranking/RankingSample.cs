using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>One measure over the runs of a sweep, beside the gap that it should rank.</summary>
/// <param name="Hyperparameters">The names of the hyperparameters.</param>
/// <param name="Codes">For each hyperparameter, the number of its value in each run.</param>
/// <param name="Measure">The measure in each run, finite.</param>
/// <param name="Gap">The gap in each run.</param>
public sealed record RankingSample(
    ImmutableArray<string> Hyperparameters, ImmutableArray<ImmutableArray<int>> Codes, ImmutableArray<double> Measure,
    ImmutableArray<double> Gap)
{
    /// <summary>The number of runs.</summary>
    public int Count => Measure.Length;

    /// <summary>
    /// sign(μ_i − μ_j) · sign(g_i − g_j): 1 where measure and gap order two runs alike, −1 where they don't, 0 for a tie in either.
    /// </summary>
    public int Agreement(int i, int j) => Math.Sign(Measure[i].CompareTo(Measure[j])) * Math.Sign(Gap[i].CompareTo(Gap[j]));

    /// <summary>In how many hyperparameters two runs differ.</summary>
    internal int Differences(int i, int j) => Codes.Count(codes => codes[i] != codes[j]);
}
