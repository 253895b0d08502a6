using Occam.Derivatives;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Torch;
using static Occam.Measures.Posterior.ColumnProducts;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Measures.Posterior;

/// <summary>
/// The mean cross-entropy of a small perceptron in single precision as a function of its weights, with its gradient, in managed memory: on
/// mini-batches, what is around the operators of libtorch would be most of the time. The same numbers as <see cref="LossPotential"/>'s, but
/// for rounding.
/// </summary>
internal sealed class PerceptronPotential : IPotential
{
    // Parameters × examples up to which it is used.
    private const long MostProducts = 4_000_000;

    // Numbers of all examples' inputs.
    private const long MostNumbers = 1L << 22;

    private readonly Layer[] _layers;
    private readonly Examples _examples;
    private readonly double[] _own;
    private readonly MiniBatches _batches;
    private readonly int _columns;
    private readonly float[] _rows, _inputs, _point, _gradient;

    private PerceptronPotential(Layer[] layers, Examples examples, double[] own, MiniBatches batches, int batch, int size)
    {
        (_layers, _examples, _own, _batches, Size) = (layers, examples, own, batches, size);
        _columns = Padded(batch, Columns);
        _rows = new float[batch * Padded(examples.Width, Columns)];
        _inputs = new float[Padded(examples.Width, Rows) * _columns];
        (_point, _gradient) = (new float[size], new float[size]);
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>That of what is measured; null where it is no such perceptron, or a large one.</summary>
    /// <param name="context">What is measured, for this thread alone.</param>
    /// <param name="own">The loss of each example at w*.</param>
    /// <param name="batches">The examples.</param>
    /// <param name="batch">How many there are at once.</param>
    public static PerceptronPotential? Of(MeasureContext context, double[] own, MiniBatches batches, int batch)
    {
        if (!ArePossible || context.Subject is not { Folded: { } network, FixedBatch: null } || context.HoldsInputs
            || network.Type != ScalarType.Float32 || !network.Device.IsCpu
            || network.ParameterCount * batch > MostProducts || context.Inputs * context.Data!.Count > MostNumbers
            || context.Data.Labels is not { } labels || context.Data.PositionLabels is not null
            || context.HasPositions || context.Outputs < 2)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return PerceptronChain.Of(network, context.Inputs) is { } chain && Layers(network, chain, batch) is { } layers
            ? new PerceptronPotential(
                layers, context.Shared(() => Examples.Of(context, labels)), own, batches, batch, (int)network.ParameterCount)
            : null;
    }

    /// <inheritdoc/>
    public double At(ReadOnlySpan<double> point, Span<double> gradient)
    {
        var indices = _batches.NextIndices();
        TensorPrimitives.ConvertTruncating<double, float>(point, _point);
        Take(indices);
        var values = _inputs;
        foreach (var layer in _layers)
        {
            values = layer.Forward(_point, values, _columns);
        }

        var loss = Slope(indices);
        for (var l = _layers.Length - 1; l >= 0; l--)
        {
            var below = l > 0 ? _layers[l - 1] : null;
            _layers[l].Backward(_gradient, below, _rows, indices.Length, _columns);
        }

        TensorPrimitives.ConvertTruncating<float, double>(_gradient, gradient);
        return loss;
    }

    private static Layer[]? Layers(Network network, PerceptronChain chain, int batch)
    {
        var starts = new Dictionary<string, int>();
        var size = 0;
        foreach (var parameter in network.Parameters)
        {
            starts.Add(parameter.Name, size);
            size += (int)parameter.Value.Elements;
        }

        var layers = new Layer[chain.Layers.Length];
        List<string> used = [];
        for (var l = 0; l < layers.Length; l++)
        {
            var (node, biases) = chain.Layers[l];
            var functions = l < chain.Activations.Length ? chain.Activations[l].Nodes : [];
            if (network.Operators[node].DenseForm(node) is not { UnitsFirst: true, Scale: 1, OffsetScale: 1 } || biases.Length != 1
                || functions.Length > 1 || !starts.ContainsKey(node.Inputs[1]) || !starts.ContainsKey(biases[0]))
            {
                return null;
            }

            used.AddRange([node.Inputs[1], biases[0]]);
            layers[l] = new Layer(
                (int)chain.Weights[l].Size(1), (int)chain.Weights[l].Size(0), starts[node.Inputs[1]], starts[biases[0]],
                functions is [var function] ? network.Operators[function].ElementFunction(function) : null, batch);
        }

        return used.Distinct().Count() == used.Count && used.Count == starts.Count ? layers : null;
    }

    private void Take(int[] indices)
    {
        var (width, padded) = (_examples.Width, Padded(_examples.Width, Columns));
        for (var n = 0; n < indices.Length; n++)
        {
            _examples.Numbers.AsSpan(indices[n] * width, width).CopyTo(_rows.AsSpan(n * padded));
        }

        Transpose(_rows, padded, _inputs, _columns, indices.Length, width);
    }

    // The mean loss less that at w*, and its slope by the logits.
    private double Slope(int[] indices)
    {
        var last = _layers[^1];
        Span<double> row = stackalloc double[last.Units];
        var sum = 0.0;
        for (var n = 0; n < indices.Length; n++)
        {
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = last.Values[(j * _columns) + n];
            }

            var (label, most) = (_examples.Labels[indices[n]], TensorPrimitives.Max<double>(row));
            var own = row[label] - most;
            TensorPrimitives.Subtract(row, most, row);
            TensorPrimitives.Exp(row, row);
            var total = TensorPrimitives.Sum<double>(row);
            sum += Math.Log(total) - own - _own[indices[n]];

            // p − 1 of the label's own as minus the others', so that it keeps its digits where p is near 1.
            var others = 0.0;
            for (var j = 0; j < row.Length; j++)
            {
                others += j == label ? 0 : row[j];
                last.Cotangents[(j * _columns) + n] = (float)(row[j] / total / indices.Length);
            }

            last.Cotangents[(label * _columns) + n] = (float)(-others / total / indices.Length);
        }

        return sum / indices.Length;
    }

    // Tiles that stay in the cache.
    private static void Transpose(float[] from, int fromRow, float[] to, int toRow, int rows, int columns)
    {
        const int Tile = 16;
        for (var i = 0; i < rows; i += Tile)
        {
            var end = Math.Min(i + Tile, rows);
            for (var j = 0; j < columns; j++)
            {
                for (var k = i; k < end; k++)
                {
                    to[(j * toRow) + k] = from[(k * fromRow) + j];
                }
            }
        }
    }

    /// <summary>All examples, for all chains.</summary>
    /// <param name="Numbers">Their inputs, one after the other.</param>
    /// <param name="Labels">Their labels.</param>
    /// <param name="Width">The numbers of one.</param>
    private sealed record Examples(float[] Numbers, int[] Labels, int Width)
    {
        public static Examples Of(MeasureContext context, int[] labels)
        {
            var width = (int)context.Inputs;
            var numbers = new float[labels.Length * width];
            foreach (var batch in context.Batches())
            {
                batch.Inputs.To(ScalarType.Float32).ToArray<float>().CopyTo(numbers, batch.Start * width);
            }

            return new Examples(numbers, labels, width);
        }
    }

    /// <summary>A layer at work. All matrices have a column an example, but for <see cref="Turned"/>.</summary>
    private sealed class Layer(int inputs, int units, int weight, int bias, ElementFunction? function, int batch)
    {
        private readonly int _rows = Padded(units, Rows);
        private readonly int _width = Padded(inputs, Columns);

        // Beyond the last row and column there is something to be read, whatever it is.
        private readonly float[] _weights = new float[(Padded(units, Rows) * inputs) + Rows];
        private readonly float[] _biases = new float[Padded(units, Rows)];
        private readonly float[] _sums = new float[Padded(units, Rows) * Padded(batch, Columns)];
        private readonly float[] _slopes = new float[Padded(units, Rows) * Padded(inputs, Columns)];

        public int Units => units;

        public float[] Values { get; } = new float[Padded(units, Rows) * Padded(batch, Columns)];

        public float[] Cotangents { get; } = new float[Padded(units, Rows) * Padded(batch, Columns)];

        // The inputs, a row an example; of the first layer they are given so.
        private float[] Turned { get; } = new float[batch * Padded(inputs, Columns)];

        public float[] Forward(float[] point, float[] values, int columns)
        {
            point.AsSpan(weight, units * inputs).CopyTo(_weights);
            point.AsSpan(bias, units).CopyTo(_biases);
            Multiply(_weights, inputs, 1, values, function is null ? Values : _sums, _rows, inputs, columns, _biases);
            function?.Apply(_sums, Values);
            return Values;
        }

        public void Backward(float[] gradient, Layer? below, float[] rows, int count, int columns)
        {
            function?.MultiplyBySlope(_sums, Values, Cotangents);
            if (below is not null)
            {
                Transpose(below.Values, columns, Turned, _width, inputs, count);
                Multiply(_weights, 1, inputs, Cotangents, below.Cotangents, Padded(inputs, Rows), units, columns, []);
            }

            Multiply(Cotangents, columns, 1, below is null ? rows : Turned, _slopes, _rows, count, _width, []);
            for (var j = 0; j < units; j++)
            {
                _slopes.AsSpan(j * _width, inputs).CopyTo(gradient.AsSpan(weight + (j * inputs)));
                gradient[bias + j] = TensorPrimitives.Sum<float>(Cotangents.AsSpan(j * columns, count));
            }
        }
    }
}
