namespace Occam.Networks.Rewrites.Patterns;

/// <summary>
/// A value taken apart into what is multiplied and divided to make it: a number, and other values. Values that are
/// used elsewhere too stay whole, except the first.
/// </summary>
internal sealed class Factors
{
    private readonly List<(string Value, bool Inverted)> _all = [];
    private readonly HashSet<int> _places = [];

    private Factors()
    {
    }

    /// <summary>The product of all numbers.</summary>
    public double Coefficient { get; private set; } = 1;

    /// <summary>The other factors, in the order met.</summary>
    public IReadOnlyList<(string Value, bool Inverted)> All => _all;

    /// <summary>The nodes that multiply.</summary>
    public IReadOnlySet<int> Places => _places;

    /// <summary>Takes a value apart.</summary>
    public static Factors Of(GraphDraft draft, string value)
    {
        var factors = new Factors();
        factors.Collect(draft, value, inverted: false, isFirst: true);
        return factors;
    }

    private void Collect(GraphDraft draft, string value, bool inverted, bool isFirst)
    {
        if (draft.Number(value) is { } number)
        {
            Coefficient = inverted ? Coefficient / number : Coefficient * number;
            return;
        }

        var place = draft.Producer(value);
        if (place is null || draft.Constant(value) is not null || !(isFirst || draft.IsUsedOnce(value))
            || !Open(draft, draft[place.Value]!, inverted))
        {
            _all.Add((value, inverted));
            return;
        }

        _places.Add(place.Value);
    }

    // Goes on with the factors of a node; false where it doesn't multiply.
    private bool Open(GraphDraft draft, Node node, bool inverted)
    {
        void Factor(int input, bool inverse) => Collect(draft, node.Inputs[input], inverse, isFirst: false);
        switch (node.OperatorType)
        {
            case "Mul" or "Div" when node.HasInput(1):
                Factor(0, inverted);
                Factor(1, node.OperatorType == "Div" ? !inverted : inverted);
                return true;
            case "Reciprocal" when node.HasInput(0):
                Factor(0, !inverted);
                return true;
            case "Neg" when node.HasInput(0):
                Coefficient = -Coefficient;
                Factor(0, inverted);
                return true;
            case "Pow" when node.HasInput(1) && draft.Number(node.Inputs[1]) is 2 or 3:
                for (var i = 0; i < draft.Number(node.Inputs[1]); i++)
                {
                    Factor(0, inverted);
                }

                return true;
            case var _ when GraphDraft.IsRename(node):
                Factor(0, inverted);
                return true;
            default:
                return false;
        }
    }
}
