using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Corollary 1 of Loukas et al. 2021: λ ≤ β φ at every training point of a (τ, φ)-steady learner, β ≥ σ_1(W_1). On a
/// recorded training φ is its least from the last tenth of the steps on; on a network alone it is that of one epoch at
/// the weights as they are. A training point whose next step would be longer than φ shows that the learner isn't that steady.
/// </summary>
public sealed class Loukas2021Corollary1() : Theorem(
    "bth-corollary-1",
    "Steady learners are smooth at their training points",
    "Loukas et al. 2021, Corollary 1",
    "λ(x) ≤ β φ at every training point x of a (τ, φ)-steady learner; by Lemma 1 it can't fail where the next step at each is seen to "
        + "be at most φ",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    private const double TrainingRounding = 1e-4;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var found = FirstLayerGradients.Of(context);
        var (beta, lambda, phi) = (found.Layer.Largest, found.Lipschitz.Max(), found.BiasSteps.Max());
        List<Inequality> inequalities = [Inequality.AtMost("one epoch: max λ ≤ β φ", lambda, beta * phi).AsArithmetic()];
        List<KeyValuePair<string, double>> details = [new("beta", beta), new("phi.oneEpoch", phi), new("lipschitz.maximum", lambda)];
        List<Hypothesis> hypotheses = [new("σ₁(W₁) ≤ β", true, $"β = σ₁ = {beta:G6}")];
        if (context.Run is { Windows.IsEmpty: false } run)
        {
            var last = run.Last;
            var steady = last.Max(window => window.Longest);
            var finding = $"φ = {steady:G6} from step {last[0].From} on, and the next step could be {phi:G6}";
            details.Add(new("lipschitz.beyondSteady", found.Lipschitz.Count(own => own > beta * steady)));
            hypotheses.Add(new("(τ, φ)-steady", phi <= steady, finding));
            inequalities.Add(run.BoundsNotApplicable is { } why ? Inequality.NotApplicable("training: max λ ≤ β φ", why)
                : phi > steady ? Inequality.NotApplicable("training: max λ ≤ β φ", $"not (τ, φ)-steady at every training point: {finding}")
                : Inequality.AtMost("training: max λ ≤ β φ", lambda, beta * steady, TrainingRounding));
        }

        return Blank with
        {
            Inequalities = [.. inequalities],
            Hypotheses = [.. hypotheses],
            Details = [.. details],
        };
    }
}
