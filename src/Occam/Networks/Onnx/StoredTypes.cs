using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// What the type of a stored tensor says to nodes, where it is one of 2 to 8 bits that a tensor in memory doesn't have: to what
/// QuantizeLinear quantizes, and to what CastLike casts.
/// </summary>
internal sealed class StoredTypes(GraphProto graph)
{
    private readonly Dictionary<string, int> _few = graph.Initializer.Select(tensor => (tensor.Name, Type: tensor.DataType))
        .Concat(graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count == 1)
            .SelectMany(node => node.Attribute.Where(value => value.T is not null)
                .Select(value => (Name: node.Output[0], Type: value.T.DataType))))
        .Where(pair => HasFewBits(pair.Type)).DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Type);

    /// <summary>A node that says itself what the type of its stored input says.</summary>
    public Node Told(Node node) => node switch
    {
        { Domain: "", OperatorType: "QuantizeLinear" } when Of(node, 2) is { } type && node.Attributes.Int("output_dtype", 0) == 0 =>
            node with { Attributes = new Attributes(node.Attributes.All.SetItem("output_dtype", type)) },
        { Domain: "", OperatorType: "CastLike" } when Of(node, 1) is { } type => node with
        {
            OperatorType = "Cast",
            Inputs = [node.Inputs[0]],
            Attributes = new Attributes(node.Attributes.All.SetItem("to", type)),
        },
        _ => node,
    };

    private static bool HasFewBits(int type) => (DataType)type is DataType.Uint2 or DataType.Int2 or DataType.Uint4 or DataType.Int4
        or DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz or DataType.Float8E8M0
        or DataType.Float4E2M1;

    private object? Of(Node node, int input) =>
        node.HasInput(input) && _few.TryGetValue(node.Inputs[input], out var type) ? (long)type : null;
}
