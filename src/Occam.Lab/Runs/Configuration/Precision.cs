namespace Occam.Lab.Runs.Configuration;

/// <summary>The numbers that a run computes in.</summary>
public enum Precision
{
    /// <summary>Single.</summary>
    Float32,

    /// <summary>Double.</summary>
    Float64,

    /// <summary>Values and gradients in the upper half of a single, weights in single: mixed precision.</summary>
    BFloat16,
}
