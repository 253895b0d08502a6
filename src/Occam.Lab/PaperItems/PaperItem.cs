using System.Collections.Immutable;

namespace Occam.Lab.PaperItems;

/// <summary>
/// Something that a paper says: a definition, an equation, a theorem, a panel of a figure, a claim, a setting of an experiment,
/// an open question. Either Occam answers it somewhere, or it is said why not.
/// </summary>
/// <param name="Id">Its name, in kebab case: the paper's short name and what it is, as <c>gor-eq-5</c>.</param>
/// <param name="Place">Where it stands: section, number, figure and panel.</param>
/// <param name="What">What it says, in a sentence.</param>
/// <param name="Where">Where Occam answers it, as <c>measure:dirichlet-energy</c>.</param>
/// <param name="Note">What has to be known of the answer.</param>
/// <param name="TextOnly">Why there is nothing to compute or to judge, where that is so.</param>
/// <param name="Missing">What Occam could answer and doesn't, where that is so.</param>
public sealed record PaperItem(
    string Id, string Place, string What, ImmutableArray<string> Where = default, string? Note = null, string? TextOnly = null,
    string? Missing = null)
{
    /// <summary>Where Occam answers it.</summary>
    public ImmutableArray<PaperReference> References { get; } = Where.IsDefault ? [] : [.. Where.Select(PaperReference.Parse)];

    /// <summary>How Occam answers it, which follows from the references.</summary>
    public PaperItemKind Kind =>
        References.Any(reference => reference.Kind == ReferenceCatalogue.Claim) ? PaperItemKind.Judged
        : References.Any(reference => reference.Kind == ReferenceCatalogue.Theorem) ? PaperItemKind.ByTheorem
        : !References.IsEmpty ? PaperItemKind.Computed
        : TextOnly is not null ? PaperItemKind.TextOnly
        : PaperItemKind.Missing;

    /// <summary>The claims of figures that it is judged by, as <c>figure/claim</c>.</summary>
    public IEnumerable<string> Claims =>
        References.Where(reference => reference.Kind == ReferenceCatalogue.Claim).Select(reference => reference.Name);

    /// <summary>The figures that it refers to, by itself or by a claim, each once.</summary>
    public IEnumerable<string> Figures => References.Select(reference => reference.Figure).OfType<string>().Distinct();

    /// <summary>What is wrong with it, with the cure, a line each.</summary>
    public IEnumerable<string> Problems()
    {
        string?[] answers = [References.IsEmpty ? null : "where", TextOnly, Missing];
        if (answers.Count(answer => answer is not null) != 1)
        {
            yield return $"{Id}: expected one of where, text-only and missing: say where Occam answers it, or why it doesn't";
        }

        foreach (var problem in References.Select(reference => reference.Problem()).OfType<string>())
        {
            yield return $"{Id}: {problem}";
        }
    }
}
