namespace Occam.Lab.Experiments.Contract;

/// <summary>What an experiment's trainings are computed in.</summary>
public enum ExperimentPrecision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Single precision, in which an NVIDIA GPU multiplies matrices with 10 bits of significand.</summary>
    Tf32,

    /// <summary>Values and gradients of trainings in bfloat16; weights, and the complexities measured, in single precision.</summary>
    BFloat16,
}
