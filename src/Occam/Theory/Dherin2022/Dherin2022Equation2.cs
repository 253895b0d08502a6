using Occam.Measures.Regions;
using Occam.Measures.Slope;

namespace Occam.Theory.Dherin2022;

/// <summary>
/// Dherin et al. 2022, eq. 2: for a piecewise-linear network the geometric complexity is Σ (n_i/|D|) ‖A_i‖_F² over the
/// linear regions that the data occupy. Both sides are measured separately.
/// </summary>
public sealed class Dherin2022Equation2() : Theorem(
    "gc-equation-2",
    "Geometric complexity is a sum over regions",
    "Dherin et al. 2022, eq. 2",
    "1/|D| Σ ‖J(x)‖_F² = Σ (n_i/|D|) ‖A_i‖_F² over the regions",
    TheoremNeeds.PiecewiseLinear | TheoremNeeds.Derivative)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var whole = new GeometricComplexity().Measurement(context.Measures);
        var regions = new GeometricComplexityByRegions().Measurement(context.Measures);
        if (whole.Value is not { } left || regions.Value is not { } right)
        {
            return Blank with { NotApplicable = whole.NotApplicable ?? regions.NotApplicable };
        }

        return Blank with
        {
            Inequalities = [Inequality.Equal("mean ‖J‖_F² = Σ (n_i/|D|) ‖A_i‖_F²", left, right)
                .AsArithmetic()],
            Hypotheses = [new("activations are piecewise linear", true, "every node of the graph is")],
            Details = [new("regions", regions.Detail("regions"))],
        };
    }
}
