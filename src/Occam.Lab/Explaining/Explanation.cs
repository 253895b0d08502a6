using System.Collections.Immutable;
using Occam.Lab.Runs.Store;

namespace Occam.Lab.Explaining;

/// <summary>The explanation of a trained run: how its complexity grew, what held it down, where it sits, how it compares.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">How it stood.</param>
/// <param name="Parameters">The network's parameters.</param>
/// <param name="Growth">What was recorded on the way, family by family.</param>
/// <param name="Place">Where the complexity sits; null where the data can't be had.</param>
/// <param name="Mechanisms">What held it down; null where the data can't be had, or the derivatives don't exist.</param>
/// <param name="Comparison">The other runs; null where complexity couldn't be measured.</param>
/// <param name="OpenQuestions">What can't be answered, and why.</param>
public sealed record Explanation(
    RunFolder Run,
    RunStatus Status,
    long Parameters,
    ImmutableArray<MetricFamily> Growth,
    Placement? Place,
    Mechanisms? Mechanisms,
    RunComparison? Comparison,
    ImmutableArray<OpenQuestion> OpenQuestions)
{
    /// <summary>
    /// When the network that was measured was so: at the end, or at the last checkpoint of a run that has not come to it.
    /// </summary>
    public string Moment => Status.State == RunState.Completed ? "at the end" : $"at step {Status.Checkpoint}";
}
