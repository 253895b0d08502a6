using System.Numerics;

namespace Occam.Training.Engines;

/// <summary>
/// A matrix with a row for each input: an input that is zero takes no part in the sum of rows, and where it then passes
/// nothing back (a unit that a ReLU has switched off) its row isn't touched at all.
/// </summary>
internal sealed class RowsOfInputs : DenseMatrix
{
    // Tiles of a matrix that stay in the first cache while all examples pass, of whole groups.
    private const int TileRows = 2 * DenseKernels.Group;
    private const int TileWidth = 128;

    private readonly int[] _first, _last;
    private readonly int[] _examples;
    private readonly float[] _weights;
    private readonly float[] _products;
    private readonly float[] _partial;

    public RowsOfInputs(DenseParameters parameters, DensePart part, DenseValues below, DenseValues above, int capacity, bool passesBack)
        : base(parameters, part, below, above, passesBack)
    {
        (_first, _last, _examples) = (new int[capacity], new int[capacity], new int[capacity + DenseKernels.ExamplesAtOnce]);
        _weights = new float[capacity];
        _products = new float[Math.Max(capacity, below.Width)];
        _partial = new float[part.Stride];
    }

    public override void Forward(ReadOnlySpan<float> bias, Span<float> sums, int count)
    {
        var stride = Part.Stride;
        Below.Find(count);
        if (count == 1)
        {
            DenseKernels.AddRows(sums[..stride], bias, Values, stride, Below.Busy(0), Below.Of(0));
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
            // Each example's busy inputs among the tile's rows follow those of the tile before.
            _last.CopyTo(_first, 0);
            for (var group = row / DenseKernels.Group; group * DenseKernels.Group < Math.Min(row + rows, Part.Rows); group++)
            {
                var bits = Below.BusyBits(group);
                for (var n = 0; n < count; n++)
                {
                    _last[n] += BitOperations.PopCount(bits[n]);
                }
            }

            for (var column = 0; column < stride; column += width)
            {
                var taken = Math.Min(width, stride - column);
                for (var n = 0; n < count; n++)
                {
                    var own = sums.Slice((n * stride) + column, taken);
                    DenseKernels.AddRows(own, own, Values[column..], stride, Below.Busy(n)[_first[n].._last[n]], Below.Of(n));
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
        for (var j = 0; j < Part.Rows; j++)
        {
            var busy = FindBusyExamples(j, count);
            var row = values.Slice(j * Part.Stride, Part.Stride);
            if (!Part.IsTrained)
            {
                PassBack(row, passed[j..], _examples.AsSpan(0, busy));
                continue;
            }

            var target = targets.Slice(j * Part.Stride, Part.Stride);
            if (!moves)
            {
                target.Clear();
            }

            if (PassesBack)
            {
                var padded = (busy + DenseKernels.ExamplesAtOnce - 1) / DenseKernels.ExamplesAtOnce * DenseKernels.ExamplesAtOnce;
                DenseKernels.StepRow(
                    row, target, _partial, cotangents, _examples.AsSpan(0, padded), numbers[j..], passed[j..], Below.Stride, scale);
            }
            else
            {
                for (var n = 0; n < count; n++)
                {
                    _weights[n] = scale * numbers[(n * Below.Stride) + j];
                }

                DenseKernels.AddRows(target, target, cotangents, Above.Stride, _examples.AsSpan(0, busy), _weights);
            }
        }
    }

    // The examples in which an input isn't idle, found without a branch for each, and idle ones after them.
    private int FindBusyExamples(int input, int count)
    {
        var bits = Below.BusyBits(input / DenseKernels.Group)[..count];
        var taken = 0;
        for (var n = 0; n < bits.Length; n++)
        {
            _examples[taken] = n;
            taken += (int)(bits[n] >> input) & 1;
        }

        for (var i = 0; i < DenseKernels.ExamplesAtOnce - 1; i++)
        {
            _examples[taken + i] = Below.Idle;
        }

        return taken;
    }

    private void PassBack(ReadOnlySpan<float> row, Span<float> passed, ReadOnlySpan<int> examples)
    {
        if (PassesBack)
        {
            DenseKernels.Multiply(row, Above.Cotangents.Span, Above.Stride, examples, _products);
            for (var t = 0; t < examples.Length; t++)
            {
                passed[examples[t] * Below.Stride] = _products[t];
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

            DenseKernels.AddToRows(moves ? Values : Gradient, Part.Stride, busy, Below.Of(0), scale, cotangent);
        }
    }
}
