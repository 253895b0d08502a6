using Occam.Lab.Runs.Store;
using Occam.Training;

namespace Occam.Lab.Tests.Runs;

/// <summary>An observer that looks away.</summary>
internal sealed class Nobody : ITrainingObserver
{
    public void OnBegin(string folder, Trainer trainer)
    {
    }

    public void OnMetric(Metric metric)
    {
    }

    public void OnStep(Trainer trainer)
    {
    }

    public void OnCheckpoint(long step)
    {
    }
}
