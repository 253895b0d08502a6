using Occam.Measures.Slope;

namespace Occam.Theory.Dherin2022;

/// <summary>
/// Dherin et al. 2022, eq. 3: the geometric complexity is at most min(k, d) times the squared Lipschitz constant: here the
/// largest local one on the data, which is the sharper form of its proof, and the product bound of the whole network.
/// </summary>
public sealed class Dherin2022Equation3() : Theorem(
    "gc-equation-3",
    "Geometric complexity under the Lipschitz constant",
    "Dherin et al. 2022, eq. 3",
    "1/|D| Σ ‖J(x)‖_F² ≤ min(k, d) L²",
    TheoremNeeds.Derivative)
{
    /// <inheritdoc/>
    public override bool IsOfBatches => true;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var rank = Math.Min(context.Measures.Outputs, context.Measures.Inputs);
        var found = new GeometricComplexity().Measurement(context.Measures);
        if (found.Value is not { } complexity)
        {
            return Blank with { NotApplicable = found.NotApplicable };
        }

        var local = new LocalLipschitz().Measurement(context.Measures).Detail("maximum");
        var upper = new LipschitzUpper().Measurement(context.Measures);
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost("GC ≤ min(k, d) · (largest local Lipschitz constant)²", complexity, rank * local * local)
                    .AsArithmetic(),
                upper.Value is { } bound
                    ? Inequality.AtMost("GC ≤ min(k, d) · (product of operator norms)²", complexity, rank * bound * bound)
                    : Inequality.NotApplicable("GC ≤ min(k, d) · (product of operator norms)²", upper.NotApplicable!),
            ],
            Details = [new("rank", rank), new("lipschitz.local", local), new("lipschitz.upper", upper.Value ?? double.NaN)],
        };
    }
}
