namespace Occam.Lab.Experiments.Contract;

/// <summary>Where a setting of an experiment comes from.</summary>
public enum Origin
{
    /// <summary>The paper states it.</summary>
    Stated,

    /// <summary>It was found in the code that the paper's authors published.</summary>
    Code,

    /// <summary>Neither is published; it is this project's choice.</summary>
    Chosen,

    /// <summary>It follows from the scale, the seeds or the data of this run.</summary>
    Run,
}
