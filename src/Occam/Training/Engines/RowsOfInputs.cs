using System.Runtime.CompilerServices;

namespace Occam.Training.Engines;

/// <summary>
/// A matrix with a row for each input: an input that is zero takes no part in the sum of rows, and where it then passes
/// nothing back (a unit that a ReLU has switched off) its row isn't touched at all.
/// </summary>
internal sealed class RowsOfInputs : DenseMatrix
{
    // Tiles of a matrix that stay in the first cache while all examples pass.
    private const int TileRows = 48;
    private const int TileWidth = 128;

    private readonly int[] _first, _last;
    private readonly int[] _examples;
    private readonly float[] _weights;
    private readonly float[] _products;
    private readonly float[] _zeros;

    public RowsOfInputs(DenseParameters parameters, DensePart part, DenseValues below, DenseValues above, int capacity, bool passesBack)
        : base(parameters, part, below, above, passesBack)
    {
        (_first, _last, _examples) = (new int[capacity], new int[capacity], new int[capacity]);
        _weights = new float[capacity];
        _products = new float[Math.Max(capacity, below.Width)];
        _zeros = new float[part.Stride];
    }

    public override void Forward(ReadOnlySpan<float> bias, Span<float> sums, int count)
    {
        var stride = Part.Stride;
        Below.Find(count);
        if (count == 1)
        {
            DenseKernels.AddRows(sums[..stride], bias, Values, stride, Below.Busy(0), Below.BusyNumbers(0));
            return;
        }

        var (rows, width) = Part.Length <= TileRows * TileWidth ? (Part.Rows, stride) : (TileRows, TileWidth);
        for (var n = 0; n < count; n++)
        {
            bias.CopyTo(sums[(n * stride)..]);
            _last[n] = 0;
        }

        for (var row = 0; row < Part.Rows; row += rows)
        {
            for (var n = 0; n < count; n++)
            {
                var busy = Below.Busy(n);
                var at = _last[n];
                _first[n] = at;
                while (at < busy.Length && busy[at] < row + rows)
                {
                    at++;
                }

                _last[n] = at;
            }

            for (var column = 0; column < stride; column += width)
            {
                var taken = Math.Min(width, stride - column);
                for (var n = 0; n < count; n++)
                {
                    var own = sums.Slice((n * stride) + column, taken);
                    DenseKernels.AddRows(own, own, Values[column..], stride, Below.Busy(n)[_first[n].._last[n]], Below.BusyNumbers(n)[_first[n].._last[n]]);
                }
            }
        }
    }

    public override void Backward(int count, float scale, bool moves)
    {
        if (PassesBack && Below.ZerosAreIdle)
        {
            Below.Cotangents.Span[..(count * Below.Stride)].Clear();
        }

        if (count == 1)
        {
            BackwardOne(scale, moves);
            return;
        }

        var values = Values;
        var targets = moves ? values : Part.IsTrained ? Gradient : [];
        var numbers = Below.Numbers.Span;
        var cotangents = Above.Cotangents.Span;
        var passed = Below.Cotangents.Span;
        var found = _examples.AsSpan();
        var weights = _weights.AsSpan();
        var (stride, everyone) = (Below.Stride, !Below.ZerosAreIdle);
        for (var j = 0; j < Part.Rows; j++)
        {
            var row = values.Slice(j * Part.Stride, Part.Stride);
            var taken = 0;
            for (var n = 0; n < count; n++)
            {
                var number = numbers[(n * stride) + j];
                found[taken] = n;
                weights[taken] = scale * number;
                var isBusy = everyone | number != 0;
                taken += Unsafe.BitCast<bool, byte>(isBusy);
            }

            var examples = found[..taken];
            if (PassesBack)
            {
                DenseKernels.Multiply(row, cotangents, Above.Stride, examples, _products);
                for (var t = 0; t < examples.Length; t++)
                {
                    passed[(examples[t] * stride) + j] = _products[t];
                }
            }

            if (Part.IsTrained)
            {
                var target = targets.Slice(j * Part.Stride, Part.Stride);
                DenseKernels.AddRows(target, moves ? row : _zeros, cotangents, Above.Stride, examples, weights);
            }
        }
    }

    private void BackwardOne(float scale, bool moves)
    {
        var cotangent = Above.CotangentsOf(0);
        var busy = Below.Busy(0);
        if (PassesBack)
        {
            DenseKernels.Multiply(cotangent, Values, Part.Stride, busy, _products);
            var passed = Below.CotangentsOf(0);
            for (var t = 0; t < busy.Length; t++)
            {
                passed[busy[t]] = _products[t];
            }
        }

        if (Part.IsTrained)
        {
            if (!moves)
            {
                Gradient.Clear();
            }

            DenseKernels.AddToRows(moves ? Values : Gradient, Part.Stride, busy, Below.BusyNumbers(0), scale, cotangent);
        }
    }
}
