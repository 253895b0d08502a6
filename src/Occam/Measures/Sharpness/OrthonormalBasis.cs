using MathNet.Numerics.LinearAlgebra;
using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Orthonormal vectors, some of them in one matrix after the other, a row each.</summary>
internal sealed class OrthonormalBasis : IDisposable
{
    private const int MostRows = 64;

    // Rows that are combined at once.
    private const int RowsAtOnce = 8;

    // Numbers of a block at most, unless a vector has more: rows that are still empty count for memory.
    private const long Large = 1L << 24;

    // What is left of a vector beside its length, when rounding may be a part of it that counts.
    private const double Cancelled = 0.5;

    private readonly List<Tensor> _blocks = [];
    private int _rows = MostRows;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them: a view.</summary>
    public Tensor this[int index] => _blocks[index / _rows].Select(0, index % _rows);

    /// <summary>Adds a vector, copied, which must be of length one and orthogonal to the others.</summary>
    public void Add(Tensor vector)
    {
        using var scope = Libtorch.NewDisposeScope();
        _rows = (int)Math.Clamp(Large / vector.Elements, 1, MostRows);
        if (Count % _rows == 0)
        {
            _blocks.Add(Tensor.Empty([_rows, vector.Elements], vector.ScalarType, vector.Device).DetachFromDisposeScope());
        }

        Count++;
        this[Count - 1].CopyInPlace(vector);
    }

    /// <summary>Takes from a vector, in place, its parts along the others; tells the length of what is left.</summary>
    public double TakeOut(Tensor vector)
    {
        using var grad = Libtorch.NoGrad();
        var before = Length(vector);

        // Once is not enough in floating point, where much cancels; twice is.
        for (var pass = 0; pass < 2 && Count > 0; pass++)
        {
            for (var start = 0; start < Count; start += _rows)
            {
                using var scope = Libtorch.NewDisposeScope();
                var Q = Rows(start / _rows);
                vector.AddImageInPlace(Q.T(), Q.MatMul(vector), -1);
            }

            var left = Length(vector);
            if (left >= Cancelled * before)
            {
                return left;
            }

            before = left;
        }

        return before;
    }

    /// <summary>The products of a vector with each of them.</summary>
    public double[] Along(Tensor vector)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        return [.. Enumerable.Range(0, _blocks.Count).SelectMany(at => Rows(at).MatMul(vector).To(ScalarType.Float64).ToArray<double>())];
    }

    /// <summary>Others in their span: a column of the matrix has the coordinates of each, and the columns are orthonormal.</summary>
    public OrthonormalBasis Combined(Matrix<double> coordinates)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        OrthonormalBasis others = new();
        foreach (var columns in Enumerable.Range(0, coordinates.ColumnCount).Chunk(RowsAtOnce))
        {
            Tensor? sum = null;
            for (var at = 0; at < _blocks.Count; at++)
            {
                var Q = Rows(at);
                double[] part =
                    [.. columns.SelectMany(j => Enumerable.Range(0, (int)Q.Size(0)).Select(i => coordinates[(at * _rows) + i, j]))];
                var image = Tensor.FromArray(part, columns.Length, Q.Size(0)).To(Q.ScalarType).To(Q.Device).MatMul(Q);
                sum = sum?.AddInPlace(image) ?? image;
            }

            for (var i = 0; i < columns.Length; i++)
            {
                others.Add(sum!.Select(0, i));
            }
        }

        return others;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }
    }

    private Tensor Rows(int block) => _blocks[block].Narrow(0, 0, Math.Min(_rows, Count - (block * _rows)));

    private static double Length(Tensor vector)
    {
        using var length = vector.Norm();
        return length.Item();
    }
}
