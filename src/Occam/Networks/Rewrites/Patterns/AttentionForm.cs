using static Occam.Networks.Rewrites.Patterns.Pattern;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>
/// softmax(c Q Kᵀ + M) V: attention by scaled dot products. The scale may stand before the product or after it, on one side
/// or on both; scores may be replaced where a condition says, and masks be added after that.
/// </summary>
internal sealed class AttentionForm : Form
{
    private const int OneAxisSince = 13;

    public override IEnumerable<Pattern> Patterns { get; } =
    [
        Apply("MatMul", BindScores, Apply("Softmax", IsOverLastDimension, Value("scores")), Value("values")),
    ];

    public override (string One, string Several) Names(Node made) => ("attention", "attentions");

    public override Node? Make(GraphDraft draft, Node last, Match match)
    {
        string[] masks = [.. Enumerable.Range(0, match.Values.Count)
            .Select(i => match.Values.GetValueOrDefault($"mask{i}", "")).TakeWhile(name => name.Length > 0).Reverse()];
        var condition = match.Values.GetValueOrDefault("condition");
        string[] inputs = [match.Values["queries"], match.Values["keys"], match.Values["values"]];
        (string, object)[] filling = condition is null ? []
            : [("fill", match.Numbers["fill"]), ("keep", (long)match.Numbers["keep"])];
        return Replaced(
            last, "ScaledDotProductAttention",
            condition is null && masks.Length == 0 ? inputs : [.. inputs, condition ?? "", .. masks],
            [("scale", match.Numbers["scale"]), .. filling]);
    }

    private static Match? IsOverLastDimension(GraphDraft draft, Node node, Match match)
    {
        var axis = node.Attributes.Int("axis", draft.Opset >= OneAxisSince ? -1 : 1);
        return axis == -1 || (axis > 0 && draft.KnownRank(node.Output) - 1 == axis) ? match : null;
    }

    // From the softmax back: masks that are added, then a condition, then the product.
    private static Match? BindScores(GraphDraft draft, Node node, Match match)
    {
        var value = match.Values["scores"];
        for (var masks = 0; ; masks++)
        {
            var (inner, passed) = draft.ThroughRenames(value);
            match = match.With(passed);
            if (ScoresOf(draft, inner) is not null)
            {
                return Products(draft, inner, match);
            }

            if (draft.Producer(inner) is not { } place)
            {
                return null;
            }

            if (draft[place] is not { OperatorType: "Add" } sum)
            {
                return WithCondition(draft, place, match);
            }

            var scores = LeadsToProduct(draft, sum.Inputs[0]) ? 0 : 1;
            match = match.With([place]).With($"mask{masks}", sum.Inputs[1 - scores])!;
            value = sum.Inputs[scores];
        }
    }

    // where(condition, scores, fill), or the other way around.
    private static Match? WithCondition(GraphDraft draft, int place, Match match)
    {
        for (var keep = 1; keep >= 0 && draft[place] is { OperatorType: "Where" } choice; keep--)
        {
            var (scores, passed) = draft.ThroughRenames(choice.Inputs[2 - keep]);
            if (draft.Number(choice.Inputs[1 + keep]) is { } fill && Products(draft, scores, match.With([.. passed, place])) is { } found)
            {
                return found.With("condition", choice.Inputs[0])?.With("fill", fill)?.With("keep", keep);
            }
        }

        return null;
    }

    private static bool LeadsToProduct(GraphDraft draft, string value)
    {
        var (inner, _) = draft.ThroughRenames(value);
        return ScoresOf(draft, inner) is not null
            || (draft.Producer(inner) is { } place && draft[place] is { OperatorType: "Add" or "Where" } node
                && node.Inputs.Skip(node.OperatorType == "Where" ? 1 : 0).Any(input => LeadsToProduct(draft, input)));
    }

    // A number times one product of two values, neither a constant.
    private static (Factors Factors, int Place)? ScoresOf(GraphDraft draft, string value)
    {
        var factors = Factors.Of(draft, value);
        return factors.All is [(var product, false)] && draft.Producer(product) is { } place
            && draft[place] is { OperatorType: "MatMul" } node && node.Inputs.All(input => draft.Constant(input) is null)
            ? (factors, place)
            : null;
    }

    private static Match? Products(GraphDraft draft, string value, Match match)
    {
        if (ScoresOf(draft, value) is not var (factors, place))
        {
            return null;
        }

        var scale = factors.Coefficient;
        var found = match.With([.. factors.Places, place]);
        string Unscaled(string side)
        {
            var parts = Factors.Of(draft, side);
            if (parts.All is not [(var only, false)] || !draft.IsUsedOnce(side))
            {
                return side;
            }

            scale *= parts.Coefficient;
            found = found.With(parts.Places);
            return only;
        }

        var queries = Unscaled(draft[place]!.Inputs[0]);
        var keys = Unscaled(draft[place]!.Inputs[1]);
        return double.IsFinite(scale) ? found.With("queries", queries)?.With("keys", keys)?.With("scale", scale) : null;
    }
}
