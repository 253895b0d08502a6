using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>A run as ranking sees it.</summary>
/// <param name="Hyperparameters">The value of each of the table's hyperparameters, in their order; equal texts are equal values.</param>
/// <param name="Measures">What was measured, by the measures' ids.</param>
/// <param name="Gap">What the measures should rank: the generalization gap, or the test error.</param>
public sealed record RunRow(ImmutableArray<string> Hyperparameters, ImmutableDictionary<string, double> Measures, double Gap)
{
    /// <summary>The seed, which makes repetitions; null where it isn't known, or is one of the hyperparameters.</summary>
    internal string? Seed { get; init; }
}
