using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>Who is told of a run while it goes on: from the training's own thread, so that it must not take long.</summary>
public interface ITrainingObserver
{
    /// <summary>The training is about to begin, or to go on.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trainer">The trainer, at its first step or a checkpoint's.</param>
    void OnBegin(string folder, Trainer trainer);

    /// <summary>A metric was seen.</summary>
    void OnMetric(Metric metric);

    /// <summary>A step was taken.</summary>
    void OnStep(Trainer trainer);

    /// <summary>A checkpoint was written.</summary>
    void OnCheckpoint(long step);
}
