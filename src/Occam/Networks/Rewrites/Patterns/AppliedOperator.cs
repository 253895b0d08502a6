namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A node of an operator. Casts between floating-point types and identities after it belong to it.</summary>
/// <param name="type">The operator.</param>
/// <param name="condition">What else the node must meet.</param>
/// <param name="inputs">Patterns of its first inputs; where it gives more, the condition looks at them.</param>
internal sealed class AppliedOperator(string type, NodeCondition? condition, Pattern[] inputs) : Pattern
{
    private readonly bool _commutes = type is "Add" or "Mul" && inputs.Length == 2;

    public override IEnumerable<Match> Find(GraphDraft draft, string value, Match match)
    {
        var (inner, passed) = draft.ThroughRenames(value);
        if (draft.Producer(inner) is not { } place || draft[place] is not { } node
            || node.OperatorType != type || node.Domain is not ("" or "ai.onnx") || node.Output != inner
            || Enumerable.Range(0, inputs.Length).Any(i => !node.HasInput(i)))
        {
            return [];
        }

        var found = InOrder(draft, node, match, swapped: false);
        if (_commutes)
        {
            found = found.Concat(InOrder(draft, node, match, swapped: true));
        }

        return found
            .Select(inside => condition is null ? inside : condition(draft, node, inside))
            .OfType<Match>()
            .Select(inside => inside.With([.. passed, place]));
    }

    private IEnumerable<Match> InOrder(GraphDraft draft, Node node, Match match, bool swapped)
    {
        IEnumerable<Match> found = [match];
        for (var i = 0; i < inputs.Length; i++)
        {
            var (pattern, input) = (inputs[i], node.Inputs[swapped ? 1 - i : i]);
            found = found.SelectMany(inside => pattern.Find(draft, input, inside));
        }

        return found;
    }
}
