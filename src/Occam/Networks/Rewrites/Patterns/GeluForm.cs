using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x · ½ (1 + erf(x/√2)): GELU by the error function.</summary>
internal sealed class GeluForm : FunctionForm
{
    public override IEnumerable<Pattern> Patterns { get; } =
        [Product(0.5, X, Apply("Add", Number(1), Apply("Erf", Product(1 / Math.Sqrt(2), X))))];

    public override (string One, string Several) Names(Node made) => ("GELU", "GELUs");

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "Gelu", [x]);
}
