using System.Collections.Immutable;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// Reads a network as an <see cref="AffineChain"/>, where it is one. Affine layers that follow one another, convolutions among them, become
/// one matrix.
/// </summary>
internal sealed class AffineChainReader
{
    // Numbers of all matrices together: 256 MiB.
    private const long MostNumbers = 1L << 25;

    private const int RowsAtOnce = 256;

    // How well a stored matrix must agree with what its layer computes in float64.
    private const double Agreement = 1e-9;

    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, Tensor> _values;
    private readonly long _batch;

    // Whether the network takes only so many rows at a time.
    private readonly bool _isFixed;
    private readonly int _rows;
    private readonly List<(Node Node, Interval Slopes)> _activations = [];
    private readonly List<List<Node>> _affine = [[]];
    private int _computed;

    private AffineChainReader(Network network, IReadOnlyDictionary<string, Tensor> values, long? fixedBatch)
    {
        _network = network;
        _values = values;
        _batch = fixedBatch ?? 1;
        _isFixed = fixedBatch is not null;
        _rows = (int)(fixedBatch ?? RowsAtOnce);
    }

    /// <summary>The chain, batch normalization folded; or why the network is none, or too large a one.</summary>
    public static (AffineChain? Chain, string? Why) Read(MeasureContext context)
    {
        if (context.HoldsInputs)
        {
            return (null, $"they need a function of one input, and this one holds others ({string.Join(", ", context.HeldNames)})");
        }

        using var grad = Libtorch.NoGrad();
        var network = context.FoldedInFloat64;
        var values = LipschitzBound.RunZeros(network, [context.Subject.FixedBatch ?? 1, .. context.ExampleShape]);
        AffineChainReader reader = new(network, values, context.Subject.FixedBatch);
        return reader.WhyNone() is { } why ? (null, why) : reader.Chain();
    }

    // Follows the network from its input, and says where it isn't a chain.
    private string? WhyNone()
    {
        HashSet<string> here = [_network.Graph.Input.Name];
        foreach (var node in _network.ActiveNodes)
        {
            string[] inputs = [.. node.Inputs.Where(_network.DependsOnData.Contains).Distinct()];
            if (inputs.Length == 0)
            {
                continue;
            }

            if (inputs.FirstOrDefault(name => !here.Contains(name)) is { } past)
            {
                return $"they need layers that follow one another, and {node} takes '{past}' past {_activations[^1].Node}";
            }

            if (_network.LinearityOf(node) is Linearity.Structural or Linearity.Affine)
            {
                here.UnionWith(node.Outputs);
                _affine[^1].Add(node);
            }
            else if (inputs.Length == 1 && inputs[0] == node.Inputs[0]
                && _network.Operators[node].GlobalSlopes(_network.Call(node, _values)) is { } slopes)
            {
                here = [node.Outputs[0]];
                _activations.Add((node, slopes));
                _affine.Add([]);
            }
            else
            {
                return $"they need affine layers and functions of single numbers of bounded slope between them, and {node} is neither";
            }
        }

        return null;
    }

    private (AffineChain? Chain, string? Why) Chain()
    {
        string[] ends = [.. _activations.Select(activation => activation.Node.Inputs[0]), _network.Output];
        string[] starts = [_network.Graph.Input.Name, .. _activations.Select(activation => activation.Node.Outputs[0])];
        var numbers = starts.Zip(ends, (start, end) => (double)Numbers(start) * Numbers(end)).Sum();
        if (numbers > MostNumbers)
        {
            return (null, $"they need the layers as matrices, which would hold {Occam.Numbers.Format(numbers, 3)} numbers, and "
                + $"{Occam.Numbers.Format(MostNumbers)} are the most");
        }

        var weights = ImmutableArray.CreateBuilder<Tensor>(starts.Length);
        foreach (var (i, start) in starts.Index())
        {
            if (Matrix(_affine[i], start, ends[i]) is not { } matrix)
            {
                return (null, "they need affine layers that treat every example alike, and what is between "
                    + $"'{start}' and '{ends[i]}' doesn't do to random rows what it does to unit vectors");
            }

            weights.Add(matrix);
        }

        return (new AffineChain(weights.MoveToImmutable(), [.. _activations.Select(activation => activation.Slopes)], _computed), null);
    }

    // How many numbers a value holds of one example.
    private long Numbers(string value) => _values[value].Elements / _batch;

    // Null where it doesn't give what the layers make of other rows.
    private Tensor? Matrix(List<Node> nodes, string start, string end)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (Stored(nodes, start, end) is { } stored)
        {
            return stored.To(Device.Cpu).Contiguous().MoveToOuterDisposeScope();
        }

        _computed++;
        var inputs = Numbers(start);
        var atZero = Run(start, end, Tensor.Zeros([_rows, inputs], ScalarType.Float64)).Narrow(0, 0, 1);
        List<Tensor> columns = [];
        for (long from = 0; from < inputs; from += _rows)
        {
            using var own = Libtorch.NewDisposeScope();
            var count = Math.Min(_rows, inputs - from);
            var units = new double[_rows * inputs];
            for (var i = 0; i < count; i++)
            {
                units[(i * inputs) + from + i] = 1;
            }

            var images = Run(start, end, Tensor.FromArray(units, _rows, inputs)).Narrow(0, 0, count);
            columns.Add((images - atZero).MoveToOuterDisposeScope());
        }

        var matrix = Tensor.Cat([.. columns], 0).T().Contiguous();
        return Agrees(matrix, start, end) ? matrix.MoveToOuterDisposeScope() : null;
    }

    // The matrix of the one dense layer, where nothing else but what adds constants stands there: exact, as it is stored.
    private Tensor? Stored(List<Node> nodes, string start, string end)
    {
        Node[] dense = [.. nodes.Where(node => _network.Operators[node].DenseWeight(node, _network.Constant) is not null)];
        if (dense is not [var layer] || _network.Operators[layer].DenseForm(layer) is not { Scale: 1 })
        {
            return null;
        }

        var weight = _network.Operators[layer].DenseWeight(layer, _network.Constant)!.To(Device.Cpu);
        if (weight.Size(1) != Numbers(start) || weight.Size(0) != Numbers(end))
        {
            return null;
        }

        // Whatever else stands there, it multiplies nothing and moves nothing where what is computed is the product and a constant.
        return Agrees(weight, start, end) ? weight : null;
    }

    // Of random rows, each of which an error would have to miss.
    private bool Agrees(Tensor matrix, string start, string end)
    {
        using Generator generator = new(0);
        var x = Tensor.Randn([_isFixed ? _rows : 2, matrix.Size(1)], generator, ScalarType.Float64);
        var (images, atZero, product) = (Run(start, end, x), Run(start, end, Tensor.ZerosLike(x)), x.MatMul(matrix.T()));
        var largest = images.Abs().Maximum(product.Abs()).Flatten().AMax([0]).Item();
        return (images - atZero - product).Abs().Flatten().AMax([0]).Item() <= Agreement * largest;
    }

    // What the layers between two values make of rows of numbers.
    private Tensor Run(string start, string end, Tensor rows)
    {
        var shape = (long[])_values[start].Shape.Clone();
        shape[0] = rows.Size(0) * shape[0] / _batch;
        var given = new Dictionary<string, Tensor>
        {
            [_network.Graph.Input.Name] = Tensor.Zeros([rows.Size(0), .. _values[_network.Graph.Input.Name].Shape[1..]], ScalarType.Float64)
                .To(_network.Device),
            [start] = rows.Reshape(shape).To(_network.Device),
        };
        return start == end ? rows : _network.Run(given, [end])[end].Reshape(rows.Size(0), -1).To(Device.Cpu);
    }
}
