using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Training;

/// <summary>A kind of step observer, found by reflection, so that neither the trainer nor an engine knows it.</summary>
internal abstract class StepObserverKind
{
    private static readonly ImmutableArray<StepObserverKind> s_all = [.. Family.Prototypes<StepObserverKind>()];

    /// <summary>An observer for a training; null where the settings ask for none, or there is nothing to follow.</summary>
    public abstract IStepObserver? TryMake(Network network, TrainingSettings settings, long stepsPerEpoch);

    /// <summary>The observer of a training, of the first kind that there is something to follow for; null for none.</summary>
    public static IStepObserver? For(Network network, TrainingSettings settings, long stepsPerEpoch) =>
        s_all.Select(kind => kind.TryMake(network, settings, stepsPerEpoch)).FirstOrDefault(observer => observer is not null);
}
