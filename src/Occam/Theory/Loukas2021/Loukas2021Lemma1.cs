using System.Collections.Immutable;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 1 (Appendix B.1) of Loukas et al. 2021: the bounds of <see cref="Loukas2021Lemma"/> on the linear region of each training example.
/// </summary>
public sealed class Loukas2021Lemma1() : Loukas2021Lemma(
    "bth-lemma-1",
    "One step of the first bias",
    "Loukas et al. 2021, Lemma 1",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
{
    /// <inheritdoc/>
    protected override ImmutableArray<Hypothesis> MoreHypotheses(TheoryContext context) =>
        [new("activations are piecewise linear", true, "every node of the graph is")];
}
