using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Occam.Formulas;

namespace Occam.Lab.Reports;

/// <summary>
/// Text for a page. A string becomes text that is escaped; a number is formatted and, in a table,
/// aligned; <see cref="Html"/> is the one door for markup, and what is inserted there is escaped too.
/// </summary>
public readonly partial record struct RichText
{
    private readonly string? _markup;

    private RichText(string markup, bool isNumber)
    {
        _markup = markup;
        IsNumber = isNumber;
    }

    /// <summary>Whether a table should align it as a number.</summary>
    public bool IsNumber { get; private init; }

    /// <summary>The number that it shows, in full; null for other text.</summary>
    public double? Number { get; private init; }

    /// <summary>The number's standard error, where it has one.</summary>
    public double? StandardError { get; private init; }

    /// <summary>The text as HTML.</summary>
    public override string ToString() => _markup ?? "";

    /// <summary>The text without its markup, for a terminal.</summary>
    public string PlainText
    {
        get
        {
            var plain = new StringBuilder();
            var inTag = false;
            foreach (var character in ToString())
            {
                inTag = character == '<' || (inTag && character != '>');
                if (!inTag && character != '>')
                {
                    plain.Append(character);
                }
            }

            return WebUtility.HtmlDecode(plain.ToString());
        }
    }

    /// <summary>The same text, aligned as a number in tables.</summary>
    public RichText AsNumber() => this with { IsNumber = true };

    /// <summary>The same text, aligned as a number in tables and sorted by the one that it shows.</summary>
    public RichText AsNumber(double number) => this with { IsNumber = true, Number = number };

    /// <summary>
    /// Text in which what follows a single letter or a bar behind an underscore or a caret is set lower or higher: σ_max, A_i, ‖W‖_F, f^i.
    /// </summary>
    public static RichText WithScripts(string text) => ((RichText)text).Scripted();

    /// <summary>The same text with what follows an underscore or a caret set as <see cref="WithScripts"/> does.</summary>
    internal RichText Scripted() => new(
        Scripts().Replace(ToString(), match =>
            $"<{(match.Groups[1].Value == "_" ? "sub" : "sup")}>{match.Groups[2].Value}{match.Groups[3].Value}</"
            + $"{(match.Groups[1].Value == "_" ? "sub" : "sup")}>"),
        IsNumber)
    { Number = Number, StandardError = StandardError };

    /// <summary>
    /// Markup by the author of the page, such as <c>$"&lt;var&gt;y&lt;/var&gt; = {slope} &lt;var&gt;x&lt;/var&gt;"</c>: the
    /// template is taken as HTML; inserted strings are escaped, inserted numbers formatted as by
    /// <see cref="Numbers.Format(double, int)"/>, inserted <see cref="RichText"/> taken as it is. A long template may be given in pieces.
    /// </summary>
    public static RichText Html(params FormattableString[] template)
    {
        var markup = new StringBuilder();
        foreach (var piece in template)
        {
            markup.Append(piece.ToString(EscapingFormat.Instance));
        }

        return new RichText(markup.ToString(), isNumber: false);
    }

    /// <summary>Words with their formulas as MathML, in a line.</summary>
    public static RichText Formulas(MathText text) => new(text.ToHtml(), isNumber: false);

    /// <summary>A number with its standard error, as by <see cref="Numbers.WithError(double, double)"/>.</summary>
    public static RichText WithError(double value, double standardError) =>
        new(Numbers.WithError(value, standardError), isNumber: true) { Number = value, StandardError = standardError };

    /// <summary>A number with its standard error, as by <see cref="Numbers.WithError(double, double)"/>.</summary>
    public static RichText WithError(Uncertain number) => WithError(number.Value, number.StandardError);

    /// <summary>A number to so many significant digits.</summary>
    public static RichText Rounded(double value, int digits) => new(Numbers.Format(value, digits), isNumber: true) { Number = value };

    /// <summary>Text, taken literally.</summary>
    public static implicit operator RichText(string text) => new(WebUtility.HtmlEncode(text), isNumber: false);

    /// <summary>A number, to four significant digits.</summary>
    public static implicit operator RichText(double value) => new(Numbers.Format(value), isNumber: true) { Number = value };

    /// <summary>A number with its standard error where it has one, and to four significant digits where not.</summary>
    public static implicit operator RichText(Uncertain number) => Numbers.HasError(number) ? WithError(number) : number.Value;

    /// <summary>A whole number, in full.</summary>
    public static implicit operator RichText(long value) => new(Numbers.Format(value), isNumber: true) { Number = value };

    /// <summary>The one text followed by the other.</summary>
    public static RichText operator +(RichText first, RichText second) => new(first.ToString() + second.ToString(), isNumber: false);

    [GeneratedRegex(@"(?<=(?<![\p{L}\p{N}])[\p{L}∇]|[‖)\]])([_^])(?:\{([^}]+)\}|([\p{L}\p{N}∞]+))")]
    private static partial Regex Scripts();

    private sealed class EscapingFormat : IFormatProvider, ICustomFormatter
    {
        public static readonly EscapingFormat Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? argument, IFormatProvider? formatProvider) => argument switch
        {
            null => "",
            RichText text => text.ToString(),
            Uncertain number => ((RichText)number).ToString(),
            IFormattable formattable when format is not null =>
                WebUtility.HtmlEncode(formattable.ToString(format, CultureInfo.InvariantCulture).Replace('-', Numbers.Minus)),
            double or float => Numbers.Format(Convert.ToDouble(argument, CultureInfo.InvariantCulture)),
            int or long => Numbers.Format(Convert.ToInt64(argument, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? ""),
        };
    }
}
