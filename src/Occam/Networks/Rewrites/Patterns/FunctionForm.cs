namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A function of each element x.</summary>
internal abstract class FunctionForm : Form
{
    /// <summary>The function's argument in its patterns.</summary>
    protected static Pattern X { get; } = Pattern.Value("x");

    public sealed override Node? Make(GraphDraft draft, Node last, Match match) => Make(last, match.Values["x"], match);

    /// <summary>The node of the function.</summary>
    protected abstract Node Make(Node last, string x, Match match);
}
