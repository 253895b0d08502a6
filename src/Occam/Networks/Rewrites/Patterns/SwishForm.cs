using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x σ(α x): SiLU for α = 1, quick GELU for α = 1.702.</summary>
internal sealed class SwishForm : FunctionForm
{
    private const double QuickGelu = 1.702;

    public override IEnumerable<Pattern> Patterns { get; } = [Product(1, X, Apply("Sigmoid", Product("alpha", X)))];

    public override (string One, string Several) Names(Node made)
    {
        var alpha = made.Attributes.Float("alpha", 1);
        return alpha == 1 ? ("SiLU", "SiLUs") : IsNear(alpha, QuickGelu) ? ("quick GELU", "quick GELUs") : ("swish", "swishes");
    }

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "Swish", [x], ("alpha", match.Numbers["alpha"]));
}
