using Occam.Theory.Parts;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Definition 2 (Appendix B.7.2) of Loukas et al. 2021, after Xu &amp; Mannor 2012: g is (K, ε)-robust if X × Y can be divided into K sets
/// so that errors differ by ε at most between a training point and any point of its set. As the proof of Lemma 4 has it, g is
/// (2 N(X; ℓ2, r), 0)-robust for r = min |f(x_i) − ½|/(2 λ_f^bound): measured for each bound that there is, the sets being the cubes of
/// the box around all examples, by label (<see cref="Robustness"/>).
/// </summary>
public sealed class Loukas2021Definition2() : Theorem(
    "bth-definition-2",
    "(K, ε)-robustness of the classifier",
    "Loukas et al. 2021, Definition 2",
    "g is (2 N(X; ℓ2, r), 0)-robust: no error differs in a set of radius r from that of a training point there",
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
        List<Inequality> inequalities = [];
        List<KeyValuePair<string, double>> details = [];
        foreach (var (name, lipschitz, isProved, domain) in LipschitzBounds.Of(context))
        {
            var radius = generalization.Radius(lipschitz);
            var side = $"ε ≤ 0 for r by {name}";
            if (!(radius > 0) || !double.IsFinite(radius))
            {
                inequalities.Add(Inequality.NotApplicable(
                    side, radius == 0 ? "f is ½ at a training point" : "f is the same everywhere: there is no radius"));
                continue;
            }

            var robustness = Robustness.Of(context, generalization, radius, domain);
            var inequality = Inequality.AtMost(
                side, robustness.Epsilon, 0, vacuous: robustness.Pairs == 0 ? "no two of the points compared are in one set" : null);
            inequalities.Add(isProved ? inequality : inequality.AsSuggested());
            details.AddRange([
                new($"radius.{inequalities.Count}", radius), new($"K.{inequalities.Count}", robustness.Sets),
                new($"pairs.{inequalities.Count}", robustness.Pairs),
            ]);
        }

        return Blank with
        {
            Inequalities = [.. inequalities],
            NotApplicable = inequalities.Count == 0 ? "no upper bound of λ_f is known" : null,
            Details = [.. details],
            Notes = ["X is the smallest box around the training and test data along their principal axes"],
        };
    }
}
