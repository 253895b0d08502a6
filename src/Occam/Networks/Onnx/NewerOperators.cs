using System.Collections.Frozen;

namespace Occam.Networks.Onnx;

/// <summary>
/// Operators that rewriting puts into graphs, and the operator set that each came with. Occam runs them in any graph; other
/// programs don't read them in a file of an older set.
/// </summary>
internal static class NewerOperators
{
    private static readonly FrozenDictionary<string, int> s_since = new Dictionary<string, int>
    {
        ["HardSwish"] = 14,
        ["LayerNormalization"] = 17,
        ["Mish"] = 18,
        ["Gelu"] = 20,
        ["RMSNormalization"] = 23,
        ["Swish"] = 24,
        ["ScaledDotProductAttention"] = int.MaxValue,
    }.ToFrozenDictionary();

    /// <summary>What a graph has that its operator set lacks; null where it is as its set says.</summary>
    public static string? In(Graph graph)
    {
        if (graph.Nodes.FirstOrDefault(node => node.Domain is "" && Since(node) > graph.Opset) is not { } newer)
        {
            return null;
        }

        var where = Since(newer) == int.MaxValue
            ? "is no operator of ONNX's"
            : $"came with operator set {Since(newer)}, and the graph is of {graph.Opset}";
        return $"{newer} {where}: write the network as it was read";
    }

    private static int Since(Node node) => s_since.GetValueOrDefault(node.OperatorType);
}
