namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>What a measure of complexity is made of.</summary>
internal enum CombinationKind
{
    /// <summary>A norm of the weights.</summary>
    Norm,

    /// <summary>How the loss changes near the weights.</summary>
    Sharpness,

    /// <summary>Both.</summary>
    Combination,
}
