namespace Occam;

/// <summary>The numbers that are computed in; <see cref="Precisions"/> has their names and types.</summary>
public enum Precision
{
    /// <summary>Single.</summary>
    Float32,

    /// <summary>Double.</summary>
    Float64,

    /// <summary>
    /// The upper half of a single. A training keeps its weights, and what is measured of them, in single: mixed precision.
    /// </summary>
    BFloat16,

    /// <summary>Single, of which an NVIDIA GPU multiplies matrices with 10 bits of significand.</summary>
    Tf32,
}
