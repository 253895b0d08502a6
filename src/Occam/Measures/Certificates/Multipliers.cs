namespace Occam.Measures.Certificates;

/// <summary>
/// Numbers that show that a scaled chain's Lipschitz constant is at most √ρ: T = diag(t) ⪰ 0 for which M(ρ, T) ⪰ 0
/// (<see cref="ChainProof"/>).
/// </summary>
/// <param name="Squared">ρ.</param>
/// <param name="Units">t, a number for each hidden unit, layer by layer.</param>
internal sealed record Multipliers(double Squared, double[] Units)
{
    /// <summary>A point between two: M is affine in both, so that it is positive semidefinite there, too.</summary>
    /// <param name="other">What is gone towards.</param>
    /// <param name="part">How far, from 0 to 1, which is the other itself.</param>
    public Multipliers Towards(Multipliers other, double part) => part == 1 ? other : new(
        Squared + (part * (other.Squared - Squared)), [.. Units.Zip(other.Units, (own, far) => own + (part * (far - own)))]);

    /// <summary>The same, all multiplied by a number above 1, which adds to M where it may be singular.</summary>
    public Multipliers Times(double factor) => new(Squared * factor, [.. Units.Select(unit => unit * factor)]);
}
