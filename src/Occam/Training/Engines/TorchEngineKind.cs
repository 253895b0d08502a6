using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>Makes <see cref="TorchEngine"/>.</summary>
internal sealed class TorchEngineKind : EngineKind
{
    public override bool TakesAny => true;

    public override IEngine? TryMake(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer) =>
        new TorchEngine(network, settings, feed, observer);
}
