namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Receives the progress of an experiment: stages in sequence, each from 0 to 1. May be called from any thread.
/// </summary>
public interface IExperimentProgress
{
    /// <summary>Ends the current stage and begins the next.</summary>
    void Begin(string stage);

    /// <summary>Reports the share of the current stage that is done.</summary>
    void Report(double share);
}
