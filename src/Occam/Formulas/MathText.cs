using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Occam.Formulas;

/// <summary>
/// Words with formulas among them, each <see cref="Formula"/> between two dollar signs: <c>$Σ_i ‖W_i‖_F²$, a sum over layers</c>.
/// </summary>
/// <param name="Source">The text as it is declared.</param>
public readonly record struct MathText(string Source)
{
    /// <summary>The formulas, in their order.</summary>
    public ImmutableArray<Formula> Formulas => [.. Source.Split('$').Where((_, i) => IsFormula(i)).Select(Formula.Parse)];

    /// <summary>Whether it begins with a formula, which a page may set on a line of its own.</summary>
    internal bool BeginsWithFormula => Source.StartsWith('$');

    /// <summary>The words as they are, and the formulas as text.</summary>
    public override string ToString() => Write(Source, words => words, formula => formula.Text);

    /// <summary>As HTML, formulas as MathML.</summary>
    public string ToHtml() => Write(Source, WebUtility.HtmlEncode!, formula => formula.ToMathMl());

    /// <summary>As HTML: the formula that it begins with on a line of its own, and what is said of it in a paragraph below.</summary>
    public string ToHtmlBlock()
    {
        if (!BeginsWithFormula)
        {
            return $"<p>{ToHtml()}</p>";
        }

        var end = Source.IndexOf('$', 1);
        var rest = Source[(end + 1)..].TrimStart(' ', ',', ';', ':');
        var formula = Formula.Parse(Source[1..end]).ToMathMl(isDisplayed: true);
        return rest.Length == 0
            ? formula
            : $"{formula}<p>{Write(rest, WebUtility.HtmlEncode!, inner => inner.ToMathMl())}</p>";
    }

    private static bool IsFormula(int part) => part % 2 == 1;

    private static string Write(string source, Func<string, string> word, Func<Formula, string> formula)
    {
        var text = new StringBuilder();
        foreach (var (i, part) in source.Split('$').Index())
        {
            text.Append(IsFormula(i) ? formula(Formula.Parse(part)) : word(part));
        }

        return text.ToString();
    }
}
