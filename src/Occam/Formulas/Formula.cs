namespace Occam.Formulas;

/// <summary>
/// A formula, declared once in a line, and shown as text in a terminal and as MathML on a page. The line is what one would type:
/// <c>1/|D| Σ_{x∈D} ‖J(x)‖_F²</c>.
/// <list type="bullet">
/// <item><c>a_i</c>, <c>a_{i,j}</c>, <c>a²</c>, <c>a^{1/d}</c>, <c>a′</c>: subscripts, superscripts, primes; under Σ, ∏, max, min and sup
/// they are limits.</item>
/// <item><c>p/q</c>: a fraction of the two operands beside the bar. Braces make an operand of what is longer, parentheses too.</item>
/// <item><c>√x</c>, <c>√{…}</c>: a root.</item>
/// <item><c>‖…‖</c>, <c>|…|</c>, <c>(…)</c>, <c>[…]</c>: pairs; <c>∥</c> is what stands between two distributions.</item>
/// <item>One letter is a variable, more are a name, such as ln or max; words stand in <c>"quotation marks"</c>.</item>
/// </list>
/// </summary>
public sealed record Formula
{
    private Formula(string text, string markup)
    {
        Text = text;
        Markup = markup;
    }

    /// <summary>As a terminal shows it.</summary>
    public string Text { get; }

    /// <summary>The content of a <c>math</c> element.</summary>
    public string Markup { get; }

    /// <summary>Reads a formula.</summary>
    /// <exception cref="FormatException">It isn't one; the message says where.</exception>
    public static Formula Parse(string source)
    {
        var (text, markup) = new FormulaParser(source).Read();
        return new Formula(text, markup);
    }

    /// <summary>The formula as an element of a page.</summary>
    /// <param name="isDisplayed">Whether it stands on a line of its own, with limits below and above.</param>
    public string ToMathMl(bool isDisplayed = false) => $"<math{(isDisplayed ? " display=\"block\"" : "")}>{Markup}</math>";

    /// <inheritdoc cref="Text"/>
    public override string ToString() => Text;
}
