using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Training;

/// <summary>
/// A kind of engine: one a file in <c>Engines/</c>, found by reflection, so that the trainer knows none of them.
/// </summary>
internal abstract class EngineKind
{
    private static readonly ImmutableArray<EngineKind> s_all = [.. Family.Prototypes<EngineKind>().OrderBy(kind => kind.TakesAny)];

    /// <summary>Whether it trains any network; such a kind is asked last.</summary>
    public virtual bool TakesAny => false;

    /// <summary>An engine for a training, or null where this kind can't do it.</summary>
    public abstract IEngine? TryMake(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer);

    /// <summary>The engine for a training: of the first kind that can do it.</summary>
    public static IEngine For(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer) =>
        s_all.Select(kind => kind.TryMake(network, settings, feed, observer)).First(engine => engine is not null)!;
}
