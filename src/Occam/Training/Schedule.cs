namespace Occam.Training;

/// <summary>How the learning rate changes: a factor on the optimizer's, one file each in <c>Schedules/</c>.</summary>
/// <param name="Id">The name in configurations.</param>
public abstract record Schedule(string Id)
{
    /// <summary>Steps over which the factor rises linearly, from 1/n at the first step to the schedule's own; 0 for none.</summary>
    public long WarmUp { get; init; }

    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>The factor on the learning rate.</summary>
    /// <param name="step">The steps taken before this one.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="steps">All steps of the run.</param>
    public double Factor(long step, long stepsPerEpoch, long steps) =>
        Shape(step, stepsPerEpoch, steps) * (step < WarmUp ? (step + 1.0) / WarmUp : 1);

    /// <inheritdoc cref="Factor"/>
    /// <summary>The factor without warm-up.</summary>
    protected abstract double Shape(long step, long stepsPerEpoch, long steps);

    /// <summary>What is wrong with the numbers given, or null.</summary>
    internal virtual string? Problem() => WarmUp >= 0 ? null : $"a warm-up of {WarmUp} steps can't be: give 0 or more";
}
