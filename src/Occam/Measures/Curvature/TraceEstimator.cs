namespace Occam.Measures.Curvature;

/// <summary>How a trace is estimated from products with random vectors.</summary>
public enum TraceEstimator
{
    /// <summary>XTrace (Epperly, Tropp and Webber 2024): each vector's estimate from the images of all others.</summary>
    Xtrace,

    /// <summary>Hutch++ (Meyer, Musco, Musco and Woodruff 2021): the largest part exactly, the rest by Hutchinson's mean.</summary>
    HutchPlusPlus,

    /// <summary>Hutchinson's mean of gᵀAg over random signs g (1990).</summary>
    Hutchinson,
}
