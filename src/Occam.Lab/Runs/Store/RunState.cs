namespace Occam.Lab.Runs.Store;

/// <summary>How a run stands.</summary>
public enum RunState
{
    /// <summary>It is being trained right now.</summary>
    Running,

    /// <summary>It came to its end: all its steps, or a stop condition.</summary>
    Completed,

    /// <summary>Its loss wasn't a number any more, or too large.</summary>
    Diverged,

    /// <summary>Somebody stopped it. It can go on.</summary>
    Interrupted,

    /// <summary>Something kept it from going on, such as a full disk. It can go on.</summary>
    Failed,

    /// <summary>Its process is gone without a word. It can go on.</summary>
    Killed,
}
