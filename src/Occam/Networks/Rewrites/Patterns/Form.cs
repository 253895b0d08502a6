namespace Occam.Networks.Rewrites.Patterns;

/// <summary>A function that exporters write as several nodes, and the one node that it is.</summary>
internal abstract class Form
{
    /// <summary>The ways in which it is written, those that take in more before those that take in less.</summary>
    public abstract IEnumerable<Pattern> Patterns { get; }

    /// <summary>The node in place of the last of those found, with its name and output; null where they are something else.</summary>
    public abstract Node? Make(GraphDraft draft, Node last, Match match);

    /// <summary>What one is called, and several.</summary>
    public abstract (string One, string Several) Names(Node made);

    /// <summary>The last node as another operator.</summary>
    protected static Node Replaced(Node last, string type, string[] inputs, params ReadOnlySpan<(string, object)> attributes) =>
        last with { OperatorType = type, Domain = "", Inputs = [.. inputs], Attributes = Attributes.Of(attributes) };
}
