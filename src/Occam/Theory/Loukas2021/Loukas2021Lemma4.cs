using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 4 (Appendix B.7.2) of Loukas et al. 2021: a classifier g = 1[f &gt; ½] with λ_f ≤ λ_f^bound generalizes to within
/// √((4 ln 2 · N(X; ℓ2, r) + 2 ln(1/δ))/N), r = min |f(x_i) − ½|/(2 λ_f^bound). For each upper bound of λ_f that there is, so without a
/// record of the training, too; with one, and ½-dropout, also for Lemma 3's. Besides, what the proof rests on, eq. 12: the input
/// margin γ_i, here from above, is at least |f(x_i) − ½|/λ_f^bound. X is the smallest box around all examples along their principal
/// axes, whose covering number is bounded from above.
/// </summary>
public sealed class Loukas2021Lemma4() : Theorem(
    "bth-lemma-4",
    "Classifiers of bounded Lipschitz constant generalize",
    "Loukas et al. 2021, Lemma 4",
    "|er_emp − er_exp| ≤ √((4 ln2 · N(X; ℓ2, r) + 2 ln(1/δ))/N), r = min |f(x_i) − ½|/(2 λ_f^bound)",
    TheoremNeeds.OneOutput)
{
    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (BinaryClassifier.Problem(context) is { } problem)
        {
            return Blank with { NotApplicable = problem };
        }

        var generalization = GeneralizationBound.Of(context);
        var training = generalization.Training;
        var margins = InputMargins.Of(context, training, generalization.Test);
        List<Inequality> inequalities = [];
        List<Hypothesis> hypotheses = [];
        List<KeyValuePair<string, double>> details = [.. generalization.Details];
        foreach (var (name, lipschitz, isProved, _) in LipschitzBounds.Of(context))
        {
            Inequality Proved(Inequality inequality) => isProved ? inequality : inequality.AsSuggested();
            hypotheses.Add(new($"λ_f ≤ λ_f^bound, {name}", isProved ? true : null, $"λ_f^bound = {lipschitz:G6}"));
            double Reach(int example) => Math.Abs(training.Outputs[example] - 0.5) / lipschitz;
            var margin = $"eq. 12: |f(x_i) − ½|/λ_f^bound ≤ γ_i, by {name}";
            if (margins.Length == 0)
            {
                inequalities.Add(Inequality.NotApplicable(margin, "all examples are in one class"));
            }
            else
            {
                var (example, distance) = margins.MaxBy(found => Reach(found.Example) / found.Distance);
                inequalities.Add(Proved(Inequality.AtMost($"{margin} (example {example})", Reach(example), distance)));
            }

            var radius = generalization.Radius(lipschitz);
            inequalities.Add(Proved(generalization.Inequality(
                $"cubes that fill the box around all examples, r by {name}", generalization.InBox(radius))));
            details.AddRange([
                new($"lipschitz.bound.{hypotheses.Count}", lipschitz), new($"radius.{hypotheses.Count}", radius),
                new($"cover.box.{hypotheses.Count}", generalization.InBox(radius)),
            ]);
        }

        return Blank with
        {
            Inequalities = [.. inequalities],
            Hypotheses = [.. hypotheses],
            NotApplicable = hypotheses.Count == 0 ? "no upper bound of λ_f is known" : null,
            Details = [.. details],
            Notes =
            [
                "X is the smallest box around the training and test data along their principal axes; for λ_f on the plane, what of it lies "
                    + "in the box that λ_f was found in",
                "γ_i is from above: the least distance at which another decision was found on lines to examples of the other class",
            ],
        };
    }
}
