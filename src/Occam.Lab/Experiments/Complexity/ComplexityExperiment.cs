using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// A figure of trainings of which the geometric complexity is followed: the same in any precision, and long enough for a GPU.
/// </summary>
/// <typeparam name="TRuns">The raw runs.</typeparam>
internal abstract class ComplexityExperiment<TRuns>(
    string id, string title, string paper, string figure, params ImmutableArray<string> dataSets)
    : Experiment<TRuns>(id, title, paper, figure, dataSets)
{
    /// <inheritdoc/>
    public sealed override bool TakesPrecision => true;
}
