namespace Occam.Formulas;

/// <summary>What a part of a formula is to its neighbours.</summary>
internal enum PieceKind
{
    /// <summary>A value: what a fraction's bar, scripts and roots take.</summary>
    Operand,

    /// <summary>A name of several letters, such as ln, applied to what follows.</summary>
    Name,

    /// <summary>Σ, ∏, max and their like, with scripts that are limits.</summary>
    Large,

    /// <summary>An operator or a relation between two values, or a comma.</summary>
    Operator,

    /// <summary>Words.</summary>
    Words,
}

/// <summary>A part of a formula.</summary>
/// <param name="Text">As text.</param>
/// <param name="Markup">As MathML.</param>
/// <param name="Kind">What it is to its neighbours.</param>
internal sealed record FormulaPiece(string Text, string Markup, PieceKind Kind = PieceKind.Operand)
{
    /// <summary>Its MathML within a fraction, where what only holds it together isn't seen.</summary>
    public string Bare { get; init; } = Markup;
}
