namespace Occam.Training;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>It hasn't.</summary>
    None,

    /// <summary>All steps were taken.</summary>
    Completed,

    /// <summary>The training loss fell below its threshold.</summary>
    LossReached,

    /// <summary>The training accuracy reached its threshold.</summary>
    AccuracyReached,

    /// <summary>The test loss hadn't fallen for too long.</summary>
    PatienceExhausted,

    /// <summary>The loss wasn't a number any more, or too large.</summary>
    Diverged,

    /// <summary>Somebody asked it to stop. It can go on.</summary>
    Interrupted,
}
