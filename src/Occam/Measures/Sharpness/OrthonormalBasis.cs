using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Orthonormal vectors, some of them in one matrix after the other, a row each.</summary>
internal sealed class OrthonormalBasis : IDisposable
{
    private const int RowsOfBlock = 8;

    // What is left of a vector beside its length, when rounding may be a part of it that counts.
    private const double Cancelled = 0.5;

    private readonly List<Tensor> _blocks = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them: a view.</summary>
    public Tensor this[int index] => _blocks[index / RowsOfBlock].Select(0, index % RowsOfBlock);

    /// <summary>Adds a vector, copied, which must be of length one and orthogonal to the others.</summary>
    public void Add(Tensor vector)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (Count % RowsOfBlock == 0)
        {
            _blocks.Add(Tensor.Empty([RowsOfBlock, vector.Elements], vector.ScalarType, vector.Device).DetachFromDisposeScope());
        }

        Count++;
        this[Count - 1].CopyInPlace(vector);
    }

    /// <summary>Takes from a vector, in place, its parts along the others; tells the length of what is left.</summary>
    public double TakeOut(Tensor vector)
    {
        using var grad = Libtorch.NoGrad();
        var length = Length(vector);

        // Once is not enough in floating point, where much cancels; twice is.
        for (var pass = 0; pass < 2 && Count > 0; pass++)
        {
            for (var start = 0; start < Count; start += RowsOfBlock)
            {
                using var scope = Libtorch.NewDisposeScope();
                var Q = _blocks[start / RowsOfBlock].Narrow(0, 0, Math.Min(RowsOfBlock, Count - start));
                vector.AddInPlace(Q.T().MatMul(Q.MatMul(vector)), -1);
            }

            var left = Length(vector);
            if (left >= Cancelled * length)
            {
                return left;
            }

            length = left;
        }

        return length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }
    }

    private static double Length(Tensor vector)
    {
        using var length = vector.Norm();
        return length.Item();
    }
}
