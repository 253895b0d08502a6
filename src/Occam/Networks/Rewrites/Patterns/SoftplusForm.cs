using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>log(1 + e^x): softplus.</summary>
internal sealed class SoftplusForm : FunctionForm
{
    public override IEnumerable<Pattern> Patterns { get; } = [Apply("Log", Apply("Add", Number(1), Apply("Exp", X)))];

    public override (string One, string Several) Names(Node made) => ("softplus", "softpluses");

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "Softplus", [x]);
}
