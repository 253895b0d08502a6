namespace Occam.Training.Engines;

/// <summary>A matrix with a row for each unit: for few units of many inputs.</summary>
internal sealed class RowsOfUnits : DenseMatrix
{
    private readonly int[] _all;
    private readonly float[] _weights;
    private readonly float[] _products;
    private readonly float[] _zeros;

    public RowsOfUnits(DenseParameters parameters, DensePart part, DenseValues below, DenseValues above, int capacity, bool passesBack)
        : base(parameters, part, below, above, passesBack)
    {
        var most = Math.Max(capacity, part.Rows);
        _all = [.. Enumerable.Range(0, most)];
        (_weights, _products) = (new float[capacity], new float[most]);
        _zeros = new float[part.Stride];
    }

    public override void Forward(ReadOnlySpan<float> bias, Span<float> sums, int count)
    {
        if (count == 1)
        {
            DenseKernels.Multiply(Below.Of(0), Values, Part.Stride, _all.AsSpan(0, Part.Rows), _products);
            for (var i = 0; i < Part.Rows; i++)
            {
                sums[i] = bias[i] + _products[i];
            }

            return;
        }

        for (var i = 0; i < Part.Rows; i++)
        {
            DenseKernels.Multiply(
                Values.Slice(i * Part.Stride, Part.Stride), Below.Numbers.Span, Below.Stride, _all.AsSpan(0, count), _products);
            for (var n = 0; n < count; n++)
            {
                sums[(n * Above.Stride) + i] = bias[i] + _products[n];
            }
        }
    }

    public override void Backward(int count, float scale, bool moves)
    {
        for (var n = 0; PassesBack && n < count; n++)
        {
            DenseKernels.AddRows(Below.CotangentsOf(n), _zeros, Values, Part.Stride, _all.AsSpan(0, Part.Rows), Above.CotangentsOf(n));
        }

        for (var i = 0; Part.IsTrained && i < Part.Rows; i++)
        {
            for (var n = 0; n < count; n++)
            {
                _weights[n] = scale * Above.CotangentsOf(n)[i];
            }

            var target = (moves ? Values : Gradient).Slice(i * Part.Stride, Part.Stride);
            DenseKernels.AddRows(target, moves ? target : _zeros, Below.Numbers.Span, Below.Stride, _all.AsSpan(0, count), _weights);
        }
    }
}
