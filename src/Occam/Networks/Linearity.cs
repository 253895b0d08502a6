namespace Occam.Networks;

/// <summary>An operator as a function of those of its inputs that depend on the data.</summary>
public enum Linearity
{
    /// <summary>Only moves, copies or drops numbers; exactly linear.</summary>
    Structural,

    /// <summary>Affine.</summary>
    Affine,

    /// <summary>Affine on each of finitely many pieces.</summary>
    PiecewiseAffine,

    /// <summary>Affine when all inputs but one are constants (a product, a matrix product); otherwise curved.</summary>
    Multilinear,

    /// <summary>Neither: smooth or not, but curved.</summary>
    Curved,

    /// <summary>The same between jumps: rounding, signs, indices.</summary>
    Step,
}
