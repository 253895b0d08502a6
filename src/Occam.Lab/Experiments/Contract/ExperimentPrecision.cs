using Occam.Torch;

namespace Occam.Lab.Experiments;

/// <summary>What an experiment's trainings are computed in.</summary>
public enum ExperimentPrecision
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Single precision, in which an NVIDIA GPU multiplies matrices with 10 bits of significand.</summary>
    Tf32,

    /// <summary>Weights, values and gradients in bfloat16; complexities are still measured in single precision.</summary>
    BFloat16,
}

/// <summary>What a precision means for libtorch.</summary>
public static class ExperimentPrecisions
{
    /// <summary>The type of the networks' numbers.</summary>
    public static ScalarType Type(this ExperimentPrecision precision) => precision == ExperimentPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
}
