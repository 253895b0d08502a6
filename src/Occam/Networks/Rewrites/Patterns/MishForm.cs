using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x tanh(softplus(x)): Mish.</summary>
internal sealed class MishForm : FunctionForm
{
    public override IEnumerable<Pattern> Patterns { get; } = [Product(1, X, Apply("Tanh", Apply("Softplus", X)))];

    public override (string One, string Several) Names(Node made) => ("Mish", "Mishes");

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "Mish", [x]);
}
