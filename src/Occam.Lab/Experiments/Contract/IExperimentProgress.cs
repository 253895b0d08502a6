namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Told how far an experiment is: stages that begin one after the other, each from 0 to 1. May be called from any thread.
/// </summary>
public interface IExperimentProgress
{
    /// <summary>The stage under way is done, and another begins.</summary>
    void Begin(string stage);

    /// <summary>Tells the share done of the stage under way.</summary>
    void Report(double share);
}
