using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>x times the hard sigmoid of x, or x · relu6(x + 3) / 6: hard swish.</summary>
internal sealed class HardSwishForm : FunctionForm
{
    private static readonly Pattern s_shifted = Apply("Add", Number(3), X);

    public override IEnumerable<Pattern> Patterns { get; } =
    [
        Product(1, X, Apply("HardSigmoid", IsThatOfHardSwish, X)),
        Product(1.0 / 6, X, Any(Apply("Clip", IsFrom0To6, s_shifted), Apply("Clip", IsTo6, Apply("Relu", s_shifted)))),
    ];

    public override (string One, string Several) Names(Node made) => ("hard swish", "hard swishes");

    protected override Node Make(Node last, string x, Match match) => Replaced(last, "HardSwish", [x]);

    private static Match? IsThatOfHardSwish(GraphDraft draft, Node node, Match match) =>
        IsNear(node.Attributes.Float("alpha", 0.2), 1.0 / 6) && IsNear(node.Attributes.Float("beta", 0.5), 0.5) ? match : null;

    private static Match? IsFrom0To6(GraphDraft draft, Node node, Match match) =>
        Limit(draft, node, 1, "min") is 0 ? IsTo6(draft, node, match) : null;

    // After a ReLU a limit from below is 0 or left out.
    private static Match? IsTo6(GraphDraft draft, Node node, Match match) =>
        Limit(draft, node, 1, "min") is null or 0 && Limit(draft, node, 2, "max") is 6 ? match : null;

    private static double? Limit(GraphDraft draft, Node node, int input, string attribute) =>
        node.HasInput(input) ? draft.Number(node.Inputs[input]) ?? double.NaN
        : node.Attributes.Has(attribute) ? node.Attributes.Float(attribute, 0)
        : null;
}
