namespace Occam.Measures.Certificates;

/// <summary>The norm of a ball.</summary>
public enum BallNorm
{
    /// <summary>ℓ2, the Euclidean.</summary>
    L2,

    /// <summary>ℓ∞: a box of equal sides.</summary>
    Linf,
}
