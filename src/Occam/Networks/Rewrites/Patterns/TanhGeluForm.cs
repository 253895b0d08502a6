using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x · ½ (1 + tanh(√(2/π) (x + 0.044715 x³))): GELU by the hyperbolic tangent, x taken out of the sum or not.</summary>
internal sealed class TanhGeluForm : FunctionForm
{
    private const double Cubic = 0.044715;

    private static readonly double s_scale = Math.Sqrt(2 / Math.PI);

    public override IEnumerable<Pattern> Patterns { get; } =
    [
        Product(0.5, X, Apply("Add", Number(1), Apply("Tanh", Any(
            Product(s_scale, Apply("Add", X, Product(Cubic, X, X, X))),
            Product(s_scale, X, Apply("Add", Number(1), Product(Cubic, X, X))))))),
    ];

    public override (string One, string Several) Names(Node made) => ("GELU", "GELUs");

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "Gelu", [x], ("approximate", "tanh"));
}
