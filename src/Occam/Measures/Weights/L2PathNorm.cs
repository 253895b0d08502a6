namespace Occam.Measures.Weights;

/// <summary>
/// The ℓ2 path norm, Σ over paths of Π W². The capacity is γ⁻² Σ over paths of Π 4 h_i W², h_i being the units of the layers on
/// the path, of a convolution all numbers of its output (Neyshabur et al. 2017, §2.2); <c>overMargin</c> has no 4 h_i.
/// Exact, by the conventions of <see cref="PathNorm"/>.
/// </summary>
public sealed record L2PathNorm() : PathNorm(
    "l2-path-norm", "ℓ2 path norm", "Neyshabur et al. 2017, §2.2",
    "$Σ_p ∏_{i∈p} w_i²$ over the paths $p$ from inputs to outputs")
{
    /// <inheritdoc/>
    public override string Meaning => "How much all paths from input to output let through together, each by the squares of its weights.";

    private protected override double Power => 2;

    private protected override double LnNorm(double lnSum) => lnSum;

    private protected override double Term(long units) => 4.0 * units;
}
