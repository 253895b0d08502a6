namespace Occam.Measures.Weights;

/// <summary>
/// The ℓ1 path norm, Σ over paths of Π |W|. The capacity is γ⁻² (Σ over paths of Π 2|W|)², and <c>overMargin</c> the
/// same without the twos: a 2 for each layer on the path (Neyshabur et al. 2017, §2.2). It bounds the Lipschitz constant in ℓ∞.
/// Exact, by the conventions of <see cref="PathNorm"/>.
/// </summary>
public sealed record L1PathNorm() : PathNorm(
    "l1-path-norm", "ℓ1 path norm", "Neyshabur et al. 2017, §2.2",
    "$Σ_p ∏_{i∈p} |w_i|$ over the paths $p$ from inputs to outputs")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much all paths from input to output let through together, each by the magnitudes of its weights.";

    private protected override double Power => 1;

    private protected override double LnNorm(double lnSum) => 2 * lnSum;

    private protected override double Term(long units) => 2;
}
