namespace Occam.Lab.Experiments.Contract;

/// <summary>How much of an experiment is computed; one code runs all of them.</summary>
public enum ExperimentScale
{
    /// <summary>Under a minute on two cores: shows that everything works, and judges nothing.</summary>
    Smoke,

    /// <summary>At most half an hour on two cores: the claims can be judged.</summary>
    Laptop,

    /// <summary>The paper's own sizes, which may take a GPU.</summary>
    Paper,
}
