using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Networks;

/// <summary>Small graphs made by hand.</summary>
internal static class TestGraphs
{
    public static Node Node(string type, string[] inputs, string[] outputs, Attributes? attributes = null) =>
        new($"{type}:{outputs[0]}", type, "", [.. inputs], [.. outputs], attributes ?? Attributes.None);

    public static Graph Graph(long?[] inputShape, IEnumerable<Node> nodes, params (string Name, Tensor Value)[] initializers)
    {
        ImmutableArray<Node> all = [.. nodes];
        return new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float32, [.. inputShape]),
            Outputs = [new ValueInfo(all[^1].Output, ScalarType.Float32, default)],
            Nodes = all,
            Initializers = initializers.ToImmutableDictionary(pair => pair.Name, pair => pair.Value),
        };
    }

    /// <summary>3 → 4 → 2, ReLU between.</summary>
    public static Graph Mlp(ulong seed = 1)
    {
        using Generator generator = new(seed);
        return Graph(
            [null, 3],
            [
                Node("Gemm", ["x", "w1", "b1"], ["h"], Attributes.Of(("transB", 1L))),
                Node("Relu", ["h"], ["a"]),
                Node("Gemm", ["a", "w2", "b2"], ["y"], Attributes.Of(("transB", 1L))),
            ],
            ("w1", Tensor.Randn([4, 3], generator)),
            ("b1", Tensor.Randn([4], generator)),
            ("w2", Tensor.Randn([2, 4], generator)),
            ("b2", Tensor.Randn([2], generator)));
    }

    /// <summary>The bits of a tensor, to compare what must be the same exactly.</summary>
    public static string Bits(Tensor tensor) =>
        $"{tensor.ScalarType} {string.Join("×", tensor.Shape)}: " + tensor.ScalarType switch
        {
            ScalarType.Float32 => string.Join(" ", tensor.ToArray<float>().Select(BitConverter.SingleToInt32Bits)),
            ScalarType.Float64 => string.Join(" ", tensor.ToArray<double>().Select(BitConverter.DoubleToInt64Bits)),
            _ => string.Join(" ", tensor.ToArray<long>()),
        };

    /// <summary>Everything in a graph as text, bit for bit.</summary>
    public static string Describe(Graph graph)
    {
        IEnumerable<string> nodes = graph.Nodes.Select(node =>
            $"{node.Domain}|{node} ({string.Join(", ", node.Inputs)}) -> ({string.Join(", ", node.Outputs)}) "
                + $"{{{string.Join("; ", node.Attributes.All.Select(pair => $"{pair.Key} = {Value(pair.Value)}"))}}}");
        IEnumerable<string> tensors = graph.Initializers
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} = {Bits(pair.Value)}");
        return string.Join("\n", [graph.Name, $"{graph.Opset}", Info(graph.Input), .. graph.Outputs.Select(Info), .. nodes, .. tensors]);

        static string Info(ValueInfo info) => $"{info.Name}: {info.Type} {info}";
        static string Value(object value) => value switch
        {
            Tensor tensor => Bits(tensor),
            Array array => $"{array.GetType().Name} {string.Join(" ", array.Cast<object>())}",
            _ => $"{value.GetType().Name} {value}",
        };
    }
}
