using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// Parts of a long vector of standard normal numbers, made again whenever they are asked for: those that
/// <see cref="Tensor.NormalInPlace"/> writes to the whole vector, bit for bit. libtorch makes 16 numbers of 16 uniform ones, one after
/// the other, and where the length is no multiple of 16 the last 16 anew; so the state of the generator at a multiple of 16 is all that
/// is kept. On the CPU.
/// </summary>
internal sealed class NoiseParts : IDisposable
{
    private const long Block = 16;
    private const long AtOnce = 1L << 18;

    private readonly (long Start, long Length)[] _parts;
    private readonly long _size;
    private readonly ScalarType _type;
    private readonly Generator _generator;
    private readonly Generator _again = new(0);
    private readonly Dictionary<long, Tensor> _states = [];

    /// <summary>Parts of the given lengths, one after the other.</summary>
    /// <param name="lengths">The lengths.</param>
    /// <param name="type">The type of the numbers: float32 or float64.</param>
    /// <param name="generator">Draws the vectors.</param>
    public NoiseParts(IEnumerable<long> lengths, ScalarType type, Generator generator)
    {
        (_type, _generator) = (type, generator);
        List<(long, long)> parts = [];
        foreach (var length in lengths)
        {
            parts.Add((_size, length));
            _size += length;
        }

        _parts = [.. parts];
    }

    /// <summary>Draws the next vector, of which the generator's states are kept where parts begin.</summary>
    public void Draw()
    {
        Free();
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var buffer = Tensor.Empty([AtOnce + Block], _type, Device.Cpu);
        var at = 0L;
        foreach (var begin in _parts.Select(part => Begin(part.Start)).Append(_size).Distinct().Order().ToArray())
        {
            while (at < begin)
            {
                // The vector's end must not be alone in a piece: its last 16 numbers are made of more than itself.
                var count = begin - at <= AtOnce + Block ? begin - at : AtOnce;
                buffer.Narrow(0, 0, count).NormalInPlace(_generator);
                at += count;
            }

            if (at < _size)
            {
                _states[at] = _generator.GetState().DetachFromDisposeScope();
            }
        }
    }

    /// <summary>A part of the vector drawn last, in memory of its own.</summary>
    public Tensor this[int index]
    {
        get
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            var (start, length) = _parts[index];
            var (begin, last) = (Begin(start), start + length);
            var end = last > _size - Block ? _size : (last + Block - 1) / Block * Block;
            var numbers = Tensor.Empty([end - begin], _type, Device.Cpu);
            _again.SetState(_states[begin]);
            numbers.NormalInPlace(_again);
            return numbers.Narrow(0, start - begin, length).MoveToOuterDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        _again.Dispose();
    }

    // Where the block begins that has a part's first number, and at least one whole block before the vector's end.
    private long Begin(long start) => Math.Min(start / Block, Math.Max(0, (_size / Block) - 1)) * Block;

    private void Free()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }

        _states.Clear();
    }
}
