using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>Receives the events of a run on the training's own thread, so that every call must be short.</summary>
public interface ITrainingObserver
{
    /// <summary>The training is about to start or to resume.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trainer">The trainer, at its first step or a checkpoint's.</param>
    void OnBegin(string folder, Trainer trainer);

    /// <summary>A metric was recorded.</summary>
    void OnMetric(Metric metric);

    /// <summary>A step was taken.</summary>
    void OnStep(Trainer trainer);

    /// <summary>A checkpoint was written.</summary>
    void OnCheckpoint(long step);
}
