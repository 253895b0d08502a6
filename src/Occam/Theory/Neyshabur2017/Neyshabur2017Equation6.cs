using Occam.Measures.Sharpness;

namespace Occam.Theory.Neyshabur2017;

/// <summary>
/// The PAC-Bayes bound of Neyshabur et al. 2017, eq. 5, with the Gaussian prior and posterior of eq. 6: E_ν[L(w+ν)] ≤ E_ν[L̂(w+ν)] +
/// √((‖w‖²/(2σ²) + ln(2m/δ′))/m), errors for L, as the measure <c>pac-bayes-bound</c> computes it: least over σ with
/// a union bound, the Monte-Carlo error of the expected training error added. The left side is the perturbed network's
/// error on examples that the training hasn't seen, by as many draws, each on a mini-batch; three standard errors of it count as equality.
/// </summary>
public sealed class Neyshabur2017Equation6() : Theorem(
    "eg-equation-6",
    "PAC-Bayes bound",
    "Neyshabur et al. 2017, eq. 5, 6",
    "E_ν[L(w+ν)] ≤ E_ν[L̂(w+ν)] + √((‖w‖²/(2σ²) + ln(2m/δ))/m)")
{
    /// <inheritdoc/>
    public override bool IsOfBatches => true;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        const string Name = "test error of w + ν ≤ PAC-Bayes bound";
        var measure = new PacBayesBound(context.Options.Delta, Draws: context.Options.Draws);
        var bound = measure.Measurement(context.Measures);
        if (bound.Value is not { } right)
        {
            return Blank with { NotApplicable = bound.NotApplicable };
        }

        var result = Blank with { Details = bound.Details, Notes = bound.Notes };
        if (context.Test?.Labels is null)
        {
            return result with { Inequalities = [Inequality.NotApplicable(Name, "needs labelled examples that the training hasn't seen")] };
        }

        var unseen = context.MeasuresOn(context.Test);
        if (LossSurface.Of(unseen, out var why) is not { } surface)
        {
            return Blank with { NotApplicable = why };
        }

        using var noise = new GaussianNoise(unseen, surface, scale: null);
        var point = noise.Curve(
            [bound.Detail("sigma")], measure.Draws, measure.Batch, target: null).Points[0];
        var spread = Math.Sqrt(point.Error * (1 - point.Error) * ((1.0 / context.Test.Count) + (1.0 / point.Draws)));
        return result with
        {
            Inequalities = [Inequality.AtMost(
                Name, point.Error, right, 3 * spread / right, right >= 1 ? "the bound is 1 or more, and no error is" : null)],
            Details = [new("testError", surface.Errors.Average()), new("testError.perturbed", point.Error), .. bound.Details],
        };
    }
}
