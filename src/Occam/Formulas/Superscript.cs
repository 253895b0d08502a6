namespace Occam.Formulas;

/// <summary>Superscripts that are characters.</summary>
internal static class Superscript
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ′*";
    private const string Plain = "0123456789−+T′*";

    /// <summary>Whether a character is one.</summary>
    public static bool IsOne(char letter) => Raised.Contains(letter);

    /// <summary>The text as superscripts; null where a character has none.</summary>
    public static string? Of(string text) =>
        text.All(Plain.Contains) ? string.Concat(text.Select(letter => Raised[Plain.IndexOf(letter)])) : null;

    /// <summary>A run of them as MathML.</summary>
    public static string Markup(string raised)
    {
        var plain = string.Concat(raised.Select(letter => Plain[Raised.IndexOf(letter)]));
        return plain switch
        {
            _ when plain.All(char.IsAsciiDigit) => $"<mn>{plain}</mn>",
            ['−', .. var digits] when digits.All(char.IsAsciiDigit) => $"<mrow><mo form=\"prefix\">−</mo><mn>{digits}</mn></mrow>",
            "T" => "<mi mathvariant=\"normal\">T</mi>",
            _ => $"<mo>{plain}</mo>",
        };
    }
}
