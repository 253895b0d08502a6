using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>A figure of trainings of which the geometric complexity is followed: the same in any precision, and long enough for a GPU.</summary>
public abstract class ComplexityExperiment : Experiment
{
    /// <inheritdoc/>
    public sealed override bool TakesPrecision => true;
}
