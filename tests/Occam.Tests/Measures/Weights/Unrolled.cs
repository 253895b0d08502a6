using System.Globalization;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Measures.Weights;

/// <summary>
/// A network as a graph of single numbers with weighted edges, written out operator by operator from the definitions, and
/// its paths enumerated one by one: slow, and independent of how Occam runs networks.
/// </summary>
internal sealed class Unrolled
{
    private readonly Dictionary<string, List<(string From, double Weight, bool IsLayer)>> _edges = [];
    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Dictionary<string, long> _units = [];
    private readonly Network _network;

    private Unrolled(Network network) => _network = network;

    /// <summary>Σ over paths of Π term(weight, units of the layer or 0 for what is none).</summary>
    public static double Sum(Network network, long[] example, Func<double, long, double> term)
    {
        using var scope = Libtorch.NewDisposeScope();
        var unrolled = new Unrolled(network);
        unrolled._shapes[network.Graph.Input.Name] = example;
        foreach (var node in network.ActiveNodes)
        {
            unrolled.Add(node);
        }

        return Indices(unrolled._shapes[network.Output]).Sum(index => unrolled.PathsTo(Key(network.Output, index), 1, term));
    }

    private double PathsTo(string element, double product, Func<double, long, double> term) =>
        element.StartsWith(_network.Graph.Input.Name + ":", StringComparison.Ordinal)
            ? product
            : _edges
                .GetValueOrDefault(element, [])
                .Sum(edge => PathsTo(edge.From, product * term(edge.Weight, edge.IsLayer ? _units[element] : 0), term));

    private void Add(Node node)
    {
        var (input, shape) = (node.Inputs[0], _shapes[node.Inputs[0]]);
        switch (node.OperatorType)
        {
            case "Relu":
                Each(node, shape, index => [(Key(input, index), 1)]);
                break;
            case "Add":
                Each(node, shape, index => [(Key(input, index), 1), (Key(node.Inputs[1], index), 1)]);
                break;
            case "Flatten":
                var all = Indices(shape).ToArray();
                Each(node, [all.Length], index => [(Key(input, all[index[0]]), 1)]);
                break;
            case "GlobalAveragePool":
                Each(node, [
                    shape[0], 1, 1,
                ], index => [.. Places(shape).Select(at => (Key(input, [index[0], at.Row, at.Column]), 1.0 / (shape[1] * shape[2])))]);
                break;
            case "Gemm":
                var W = Numbers(node.Inputs[1], out var sizes);
                Each(node, [sizes[0]], index =>
                [
                    .. Enumerable.Range(0, (int)sizes[1]).Select(j => (Key(input, [j]), W[(index[0] * sizes[1]) + j])),
                ], isLayer: true);
                break;
            case "Conv":
                Convolution(node, input, shape);
                break;
            case "MaxPool" or "AveragePool":
                var size = node.Attributes.Ints("kernel_shape")!;
                var weight = node.OperatorType == "MaxPool" ? 1.0 : 1.0 / (size[0] * size[1]);
                Windows(node, input, shape, shape[0], size, (channel, at) => [(channel, weight)]);
                break;
            default:
                throw new NotSupportedException(node.OperatorType);
        }
    }

    private void Convolution(Node node, string input, long[] shape)
    {
        var W = Numbers(node.Inputs[1], out var sizes);
        var perGroup = sizes[0] / node.Attributes.Int("group", 1);
        Windows(node, input, shape, sizes[0], sizes[2..], (channel, at) =>
        [
            .. Enumerable.Range(0, (int)sizes[1]).Select(i =>
                ((channel / perGroup * sizes[1]) + i, W[(((((channel * sizes[1]) + i) * sizes[2]) + at.Row) * sizes[3]) + at.Column])),
        ], isLayer: true);
    }

    private void Windows(
        Node node, string input, long[] shape, long channels, long[] size,
        Func<long, (long Row, long Column), (long Channel, double Weight)[]> weights, bool isLayer = false)
    {
        var stride = node.Attributes.Ints("strides") ?? [1, 1];
        var pads = node.Attributes.Ints("pads") ?? [0, 0, 0, 0];
        long Count(int i) => ((shape[i + 1] + pads[i] + pads[i + 2] - size[i]) / stride[i]) + 1;
        Each(node, [channels, Count(0), Count(1)], index =>
            [
                .. from at in Places([0, .. size])
                   let row = (index[1] * stride[0]) + at.Row - pads[0]
                   let column = (index[2] * stride[1]) + at.Column - pads[1]
                   where row >= 0 && row < shape[1] && column >= 0 && column < shape[2]
                   from weight in weights(index[0], at)
                   select (Key(input, [weight.Channel, row, column]), weight.Weight),
            ], isLayer);
    }

    private void Each(Node node, long[] shape, Func<long[], (string, double)[]> edges, bool isLayer = false)
    {
        _shapes[node.Output] = shape;
        foreach (var index in Indices(shape))
        {
            var key = Key(node.Output, index);
            _units[key] = shape.Aggregate(1L, (product, size) => product * size);
            _edges[key] = [.. edges(index).Select(edge => (edge.Item1, edge.Item2, isLayer))];
        }
    }

    private double[] Numbers(string name, out long[] shape)
    {
        var tensor = _network.Graph.Initializers[name];
        shape = tensor.Shape;
        return tensor.ToArray<double>();
    }

    private static IEnumerable<(long Row, long Column)> Places(long[] shape) =>
        from row in Enumerable.Range(0, (int)shape[1])
        from column in Enumerable.Range(0, (int)shape[2])
        select ((long)row, (long)column);

    private static IEnumerable<long[]> Indices(long[] shape) => shape.Aggregate(
        (IEnumerable<long[]>)[[]],
        (indices, size) => indices.SelectMany(index => Enumerable.Range(0, (int)size).Select(i => (long[])[.. index, i])));

    private static string Key(string value, long[] index) =>
        string.Create(CultureInfo.InvariantCulture, $"{value}:{string.Join(',', index)}");
}
