namespace Occam.Lab.Runs;

/// <summary>The numbers that a run computes in.</summary>
public enum Precision
{
    /// <summary>Single.</summary>
    Float32,

    /// <summary>Double.</summary>
    Float64,

    /// <summary>The upper half of a single.</summary>
    BFloat16,
}
