using System.Collections.Immutable;
using System.Globalization;
using Occam.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;

namespace Occam.Tests.Networks;

/// <summary>
/// A graph in float64 from text, a node each between semicolons: <c>y = Mul x 0.5; z = ReduceMean y axes=-1</c>. The input is x, of
/// 3 × 6 numbers an example; numbers are constants; g, b (6) and A, B, C (6 × 6) are stored and random.
/// </summary>
internal static class WrittenGraph
{
    private static readonly string[] s_lists = ["axes", "perm"];
    private static readonly string[] s_whole = ["axis", "keepdims", "to", "q_num_heads", "kv_num_heads", "is_causal"];

    public static Network Read(string text, int opset = 17, params (string Name, Tensor Value)[] more)
    {
        var stored = new Dictionary<string, Tensor>
        {
            ["g"] = OneNode.Random(1, 6),
            ["b"] = OneNode.Random(2, 6),
            ["A"] = OneNode.Random(3, 6, 6),
            ["B"] = OneNode.Random(4, 6, 6),
            ["C"] = OneNode.Random(5, 6, 6),
        };
        foreach (var (name, value) in more)
        {
            stored[name] = value;
        }

        ImmutableArray<Node> nodes = [.. text.Split(';', StringSplitOptions.TrimEntries).Select(line => Line(line, stored))];
        return new Network(new Graph
        {
            Opset = opset,
            Input = new ValueInfo("x", ScalarType.Float64, [null, 3, 6]),
            Outputs = [new ValueInfo(nodes[^1].Output, ScalarType.Float64, default)],
            Nodes = nodes,
            Initializers = stored.Where(pair => nodes.Any(node => node.Inputs.Contains(pair.Key))).ToImmutableDictionary(),
        });
    }

    private static Node Line(string line, Dictionary<string, Tensor> stored)
    {
        var words = line.Split(' ');
        var inputs = words.Skip(3).Where(word => !word.Contains('=')).ToArray();
        foreach (var word in inputs)
        {
            if (double.TryParse(word, CultureInfo.InvariantCulture, out var number))
            {
                stored[word] = Tensor.Full([], number, ScalarType.Float64);
            }
        }

        var attributes = words.Skip(3).Where(word => word.Contains('=')).Select(word => word.Split('='))
            .Select(pair => (pair[0], Value(pair)));
        return TestGraphs.Node(words[2], inputs, [words[0]], Attributes.Of([.. attributes]));
    }

    private static object Value(string[] pair) =>
        s_lists.Contains(pair[0]) ? Array.ConvertAll(pair[1].Split(','), text => long.Parse(text, CultureInfo.InvariantCulture))
        : s_whole.Contains(pair[0]) ? (object)long.Parse(pair[1], CultureInfo.InvariantCulture)
        : double.Parse(pair[1], CultureInfo.InvariantCulture);
}
