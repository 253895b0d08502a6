using System.Collections.Immutable;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Lemma 5 (Appendix C.1) of Loukas et al. 2021: the bounds of <see cref="Loukas2021Lemma"/> for any activation functions, at the examples
/// only.
/// </summary>
public sealed class Loukas2021Lemma5() : Loukas2021Lemma(
    "bth-lemma-5",
    "One step of the first bias, any activation",
    "Loukas et al. 2021, Lemma 5",
    TheoremNeeds.OneOutput | TheoremNeeds.FirstLayer | TheoremNeeds.Derivative)
{
    /// <inheritdoc/>
    protected override ImmutableArray<string> MoreNotes(TheoryContext context) => context.Missing(TheoremNeeds.PiecewiseLinear) is null
        ? ["the activations are piecewise linear: these are Lemma 1's lines once more"]
        : [];
}
