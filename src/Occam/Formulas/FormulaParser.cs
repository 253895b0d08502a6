using System.Net;
using System.Text;

namespace Occam.Formulas;

/// <summary>Reads the notation of <see cref="Formula"/> and writes text and MathML as it goes.</summary>
internal sealed class FormulaParser(string source)
{
    private const char End = '\0';
    private const string Operators = "+−±·×=≤≥<>≠∈~,;:∥→…⊂≈∝";
    private const string Large = "Σ∏∫";
    private static readonly string[] s_limited = ["max", "min", "sup"];
    private int _at;

    private char Next => _at < source.Length ? source[_at] : End;

    /// <summary>Reads all of it.</summary>
    public (string Text, string Markup) Read()
    {
        var (text, markup, _) = Sequence(End);
        return (text, $"<mrow>{markup}</mrow>");
    }

    // What stands up to a closing sign, which is taken too.
    private (string Text, string Markup, int Count) Sequence(char closing)
    {
        var (text, markup, count) = (new StringBuilder(), new StringBuilder(), 0);
        FormulaPiece? before = null;
        while (true)
        {
            var isApart = SkipSpaces();
            if (Next == closing)
            {
                _at += closing == End ? 0 : 1;
                return count > 0 ? (text.ToString(), markup.ToString(), count) : throw Wrong("expected something");
            }

            var piece = Piece();
            if (before is not null)
            {
                text.Append(isApart ? " " : "");
                markup.Append(Gap(before, piece, isApart));
            }

            text.Append(piece.Text);
            markup.Append(piece.Markup);
            before = piece;
            count++;
        }
    }

    private static string Gap(FormulaPiece before, FormulaPiece piece, bool isApart)
    {
        if (isApart && (before.Kind == PieceKind.Words || piece.Kind == PieceKind.Words))
        {
            return "<mspace width=\"0.35em\"/>";
        }

        if (piece.Kind == PieceKind.Operator || before.Kind is PieceKind.Operator or PieceKind.Large)
        {
            return "";
        }

        var space = isApart ? "<mspace width=\"0.17em\"/>" : "";
        return before.Kind == PieceKind.Name ? $"<mo>&#x2061;</mo>{space}" : space;
    }

    // An operator, or a value with all that belongs to it: its scripts, its arguments, the fraction that it is the numerator of.
    private FormulaPiece Piece()
    {
        if (Operators.Contains(Next))
        {
            var sign = source[_at++].ToString();
            return new FormulaPiece(sign, $"<mo>{WebUtility.HtmlEncode(sign == "~" ? "∼" : sign)}</mo>", PieceKind.Operator);
        }

        var piece = Operand();
        var here = _at;
        SkipSpaces();
        if (Next != '/')
        {
            _at = here;
            return piece;
        }

        _at++;
        var isApart = SkipSpaces();
        var below = Operand();
        return new FormulaPiece(
            isApart ? $"{piece.Text} / {below.Text}" : $"{piece.Text}/{below.Text}", $"<mfrac>{Row(piece.Bare)}{Row(below.Bare)}</mfrac>");
    }

    private FormulaPiece Operand()
    {
        var piece = Scripts(Atom());
        while (Next is '(' or '[' && piece.Kind != PieceKind.Words && piece.Bare == piece.Markup)
        {
            var arguments = Scripts(Atom());
            var applied = piece.Kind == PieceKind.Name ? "<mo>&#x2061;</mo>" : "";
            piece = new FormulaPiece(piece.Text + arguments.Text, $"{piece.Markup}{applied}{arguments.Markup}");
        }

        return piece;
    }

    private FormulaPiece Atom()
    {
        var first = Next;
        _at++;
        return first switch
        {
            '(' => Fenced("(", ')', seen: false),
            '[' => Fenced("[", ']', seen: true),
            '|' => Fenced("|", '|', seen: true),
            '‖' => Fenced("‖", '‖', seen: true),
            '{' => Group(),
            '"' => Words(),
            '√' => Root(),
            '½' => new FormulaPiece("½", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
            '¼' => new FormulaPiece("¼", "<mfrac><mn>1</mn><mn>4</mn></mfrac>"),
            '∞' => new FormulaPiece("∞", "<mi>∞</mi>"),
            '∇' or '∂' => new FormulaPiece(first.ToString(), $"<mi mathvariant=\"normal\">{first}</mi>"),
            _ when Large.Contains(first) => new FormulaPiece(
                first.ToString(), $"<mo>{(first == 'Σ' ? '∑' : first)}</mo>", PieceKind.Large),
            _ when char.IsAsciiDigit(first) => Number(),
            _ when char.IsLetter(first) => Letters(),
            _ => throw Wrong(first == End ? "it ends too early" : $"'{first}' means nothing"),
        };
    }

    private FormulaPiece Fenced(string opening, char closing, bool seen)
    {
        var (text, markup, _) = Sequence(closing);
        var fenced = $"<mrow><mo form=\"prefix\">{opening}</mo>{markup}<mo form=\"postfix\">{closing}</mo></mrow>";
        return new FormulaPiece($"{opening}{text}{closing}", fenced) { Bare = seen ? fenced : $"<mrow>{markup}</mrow>" };
    }

    // In text the group is seen: by parentheses, unless it is a single thing.
    private FormulaPiece Group()
    {
        var (text, markup, count) = Sequence('}');
        return new FormulaPiece(count == 1 && !text.Contains('/') ? text : $"({text})", Row(markup));
    }

    private FormulaPiece Words()
    {
        var end = source.IndexOf('"', _at);
        if (end < 0)
        {
            throw Wrong("a quotation mark is missing");
        }

        var words = source[_at..end];
        _at = end + 1;
        return new FormulaPiece(words, $"<mtext>{WebUtility.HtmlEncode(words)}</mtext>", PieceKind.Words);
    }

    private FormulaPiece Root()
    {
        var under = Next is '{' or '(' ? Atom() : Scripts(Atom());
        return new FormulaPiece($"√{under.Text}", $"<msqrt>{under.Bare}</msqrt>");
    }

    private FormulaPiece Number()
    {
        var start = _at - 1;
        while (char.IsAsciiDigit(Next) || (Next == '.' && _at + 1 < source.Length && char.IsAsciiDigit(source[_at + 1])))
        {
            _at++;
        }

        return new FormulaPiece(source[start.._at], $"<mn>{source[start.._at]}</mn>");
    }

    private FormulaPiece Letters()
    {
        var start = _at - 1;
        while (char.IsAsciiLetter(source[start]) && char.IsAsciiLetter(Next))
        {
            _at++;
        }

        var name = source[start.._at];
        return name == "dx" ? new FormulaPiece(name, "<mrow><mi mathvariant=\"normal\">d</mi><mi>x</mi></mrow>")
            : s_limited.Contains(name) ? new FormulaPiece(name, $"<mo form=\"prefix\" movablelimits=\"true\">{name}</mo>", PieceKind.Large)
            : new FormulaPiece(name, $"<mi>{name}</mi>", name.Length > 1 ? PieceKind.Name : PieceKind.Operand);
    }

    // Subscript and superscript in either order; primes are superscripts.
    private FormulaPiece Scripts(FormulaPiece piece)
    {
        (string Text, string Markup)? below = null, above = null;
        var text = piece.Text;
        while (true)
        {
            if (Next == '_' && below is null)
            {
                _at++;
                below = Script("_", "{", "}");
                text += below.Value.Text;
            }
            else if (Next == '^' && above is null)
            {
                _at++;
                above = Script("^", "(", ")");
                text += Superscript.Of(above.Value.Text[1..]) ?? above.Value.Text;
            }
            else if (Superscript.IsOne(Next) && above is null)
            {
                var start = _at;
                while (Superscript.IsOne(Next))
                {
                    _at++;
                }

                above = ("", Superscript.Markup(source[start.._at]));
                text += source[start.._at];
            }
            else
            {
                break;
            }
        }

        return below is null && above is null
            ? piece
            : new FormulaPiece(text, Scripted(piece, below?.Markup, above?.Markup), piece.Kind);
    }

    private static string Scripted(FormulaPiece piece, string? below, string? above)
    {
        var (under, over, both) = piece.Kind == PieceKind.Large && !piece.Markup.Contains('∫')
            ? ("munder", "mover", "munderover")
            : ("msub", "msup", "msubsup");
        var name = below is null ? over : above is null ? under : both;
        return $"<{name}>{piece.Markup}{below}{above}</{name}>";
    }

    private (string Text, string Markup) Script(string sign, string opening, string closing)
    {
        if (Next == '{')
        {
            _at++;
            var (text, markup, count) = Sequence('}');
            return (count == 1 && !text.Contains('/') ? sign + text : sign + opening + text + closing, Row(markup));
        }

        var atom = Atom();
        return (sign + atom.Text, atom.Kind == PieceKind.Large ? $"<mi>{atom.Text}</mi>" : atom.Markup);
    }

    private static string Row(string markup) => $"<mrow>{markup}</mrow>";

    private bool SkipSpaces()
    {
        var start = _at;
        while (Next == ' ')
        {
            _at++;
        }

        return _at > start;
    }

    private FormatException Wrong(string what) => new($"{what} at {_at} of the formula '{source}'");
}
