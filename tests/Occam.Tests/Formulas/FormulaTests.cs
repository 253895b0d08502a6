using System.Xml.Linq;
using Occam.Formulas;
using Occam.Measures;
using Xunit;

namespace Occam.Tests.Formulas;

public sealed class FormulaTests
{
    // The elements of MathML Core that formulas are written in.
    private static readonly HashSet<string> s_elements =
    [
        "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msub", "msup", "msubsup", "munder", "mover", "munderover",
    ];

    [Theory]
    [InlineData("x", "<mi>x</mi>", "x")]
    [InlineData("a + 1.5", "<mi>a</mi><mo>+</mo><mn>1.5</mn>", "a + 1.5")]
    [InlineData("a_i", "<msub><mi>a</mi><mi>i</mi></msub>", "a_i")]
    [InlineData("σ_max", "<msub><mi>σ</mi><mi>max</mi></msub>", "σ_max")]
    [InlineData("w_i²", "<msubsup><mi>w</mi><mi>i</mi><mn>2</mn></msubsup>", "w_i²")]
    [InlineData("α⁻²", "<msup><mi>α</mi><mrow><mo form=\"prefix\">−</mo><mn>2</mn></mrow></msup>", "α⁻²")]
    [InlineData("x^2", "<msup><mi>x</mi><mn>2</mn></msup>", "x²")]
    [InlineData(
        "a^{1/d}", "<msup><mi>a</mi><mrow><mfrac><mrow><mn>1</mn></mrow><mrow><mi>d</mi></mrow></mfrac></mrow></msup>", "a^(1/d)")]
    [InlineData("1/γ²", "<mfrac><mrow><mn>1</mn></mrow><mrow><msup><mi>γ</mi><mn>2</mn></msup></mrow></mfrac>", "1/γ²")]
    [InlineData(
        "a/(2b)", "<mfrac><mrow><mi>a</mi></mrow><mrow><mrow><mn>2</mn><mi>b</mi></mrow></mrow></mfrac>", "a/(2b)")]
    [InlineData("{a b}/c", "<mfrac><mrow><mrow><mi>a</mi><mspace width=\"0.17em\"/><mi>b</mi></mrow></mrow><mrow><mi>c</mi></mrow></mfrac>",
        "(a b)/c")]
    [InlineData("√{1 + x}", "<msqrt><mrow><mn>1</mn><mo>+</mo><mi>x</mi></mrow></msqrt>", "√(1 + x)")]
    [InlineData("Σ_{x∈D} x", "<munder><mo>∑</mo><mrow><mi>x</mi><mo>∈</mo><mi>D</mi></mrow></munder><mi>x</mi>", "Σ_{x∈D} x")]
    [InlineData("ln x", "<mi>ln</mi><mo>&#x2061;</mo><mspace width=\"0.17em\"/><mi>x</mi>", "ln x")]
    [InlineData(
        "f(x)", "<mi>f</mi><mrow><mo form=\"prefix\">(</mo><mi>x</mi><mo form=\"postfix\">)</mo></mrow>", "f(x)")]
    [InlineData("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>", "a < b")]
    [InlineData("\"depth\" d", "<mtext>depth</mtext><mspace width=\"0.35em\"/><mi>d</mi>", "depth d")]
    public void A_line_is_text_and_MathML(string source, string markup, string text)
    {
        var formula = Formula.Parse(source);

        Assert.Equal(($"<mrow>{markup}</mrow>", text), (formula.Markup, formula.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a + (b")]
    [InlineData("‖x")]
    [InlineData("a/")]
    [InlineData("a_")]
    [InlineData("a # b")]
    [InlineData("\"word")]
    public void What_is_no_formula_is_refused_with_the_place(string source) =>
        Assert.Contains(" of the formula '", Assert.Throws<FormatException>(() => Formula.Parse(source)).Message);

    [Fact]
    public void Words_keep_their_place_beside_formulas()
    {
        var text = new MathText("$1/n Σ_i x_i$, $n$ the number & more");

        Assert.Equal("1/n Σ_i x_i, n the number & more", text.ToString());
        Assert.StartsWith("<math><mrow><mfrac>", text.ToHtml());
        Assert.EndsWith("<mi>n</mi></mrow></math> the number &amp; more", text.ToHtml());
        Assert.StartsWith("<math display=\"block\">", text.ToHtmlBlock());
        Assert.EndsWith("</math><p><math><mrow><mi>n</mi></mrow></math> the number &amp; more</p>", text.ToHtmlBlock());
        Assert.Equal("<p>only words</p>", new MathText("only words").ToHtmlBlock());
    }

    [Fact]
    public void Every_measure_begins_its_definition_with_a_formula_of_sound_MathML()
    {
        foreach (var (id, measure) in MeasureCatalogue.All)
        {
            Assert.True(measure.Definition.BeginsWithFormula, id);
            foreach (var formula in measure.Definition.Formulas)
            {
                var math = XElement.Parse(formula.ToMathMl());
                Assert.All(math.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, s_elements));
                Assert.All(math.Descendants("mfrac"), fraction => Assert.Equal(2, fraction.Elements().Count()));
                Assert.All(math.Descendants("msubsup"), scripts => Assert.Equal(3, scripts.Elements().Count()));

                // Nothing of the notation is left where a reader would see it.
                Assert.DoesNotMatch("[_^{}$]", math.Value);
            }

            Assert.DoesNotContain('$', measure.Definition.ToString());
        }
    }
}
