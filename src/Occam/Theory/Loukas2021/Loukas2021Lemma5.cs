namespace Occam.Theory.Loukas2021;

/// <summary>Lemma 5 (Appendix C.1) of Loukas et al. 2021: the bounds of <see cref="Loukas2021Lemma"/> for any activation functions, at the examples only.</summary>
public sealed class Loukas2021Lemma5 : Loukas2021Lemma
{
    /// <inheritdoc/>
    public override string Id => "bth-lemma-5";

    /// <inheritdoc/>
    public override string Title => "One step of the first bias, any activation";

    /// <inheritdoc/>
    public override string Source => "Loukas et al. 2021, Lemma 5";

    /// <inheritdoc/>
    public override TheoremNeeds Needs => TheoremNeeds.OneOutput | TheoremNeeds.FirstLayer;
}
