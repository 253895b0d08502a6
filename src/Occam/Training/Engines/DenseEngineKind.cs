using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>Makes <see cref="DenseEngine"/>.</summary>
internal sealed class DenseEngineKind : EngineKind
{
    public override IEngine? TryMake(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer) =>
        DenseEngine.For(network, settings, feed, observer);
}
