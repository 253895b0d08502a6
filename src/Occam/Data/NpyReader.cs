using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Occam.Data;

/// <summary>Reads the elements of a NumPy array, converting them as they stream by, into C order.</summary>
internal static class NpyReader
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads what follows the header, to the file's end.</summary>
    /// <typeparam name="T">What to store; whole numbers that don't fit become the nearest that do.</typeparam>
    /// <exception cref="OccamException">The file is not as long as the header says, or larger than the limit.</exception>
    public static T[] ReadElements<T>(DataFile file, NpyHeader header) where T : unmanaged, INumber<T>
    {
        long declared = (long)header.Count * header.ElementSize, held = file.Length - file.Position;
        if (declared != held)
        {
            throw WrongLength(file, header, held, declared);
        }

        var stored = (long)header.Count * Unsafe.SizeOf<T>();
        if (stored > file.Limit)
        {
            throw new OccamException(
                $"{file.Name} takes {Message.Bytes(stored)} in memory, more than the limit of {Message.Bytes(file.Limit)}: give "
                    + $"fewer, or {DataFile.Remedy}");
        }

        var elements = new T[header.Count];
        switch (header.Kind, header.ElementSize)
        {
            case ('f', 2): Read<Half, T>(file, header, elements); break;
            case ('f', 4): Read<float, T>(file, header, elements); break;
            case ('f', 8): Read<double, T>(file, header, elements); break;
            case ('i', 1): Read<sbyte, T>(file, header, elements); break;
            case ('i', 2): Read<short, T>(file, header, elements); break;
            case ('i', 4): Read<int, T>(file, header, elements); break;
            case ('i', 8): Read<long, T>(file, header, elements); break;
            case ('u', 2): Read<ushort, T>(file, header, elements); break;
            case ('u', 4): Read<uint, T>(file, header, elements); break;
            case ('u', 8): Read<ulong, T>(file, header, elements); break;
            default: Read<byte, T>(file, header, elements); break;
        }

        file.ExpectEnd();
        return elements;
    }

    /// <summary>Reads what follows the header, to the file's end, into an array of the type that the file holds.</summary>
    /// <exception cref="OccamException">The file is not as long as the header says, or larger than the limit.</exception>
    public static Array ReadElements(DataFile file, NpyHeader header) => (header.Kind, header.ElementSize) switch
    {
        ('f', 2) => ReadElements<Half>(file, header),
        ('f', 4) => ReadElements<float>(file, header),
        ('f', 8) => ReadElements<double>(file, header),
        ('i', 1) => ReadElements<sbyte>(file, header),
        ('i', 2) => ReadElements<short>(file, header),
        ('i', 4) => ReadElements<int>(file, header),
        ('i', 8) => ReadElements<long>(file, header),
        ('u', 1) => ReadElements<byte>(file, header),
        ('u', 2) => ReadElements<ushort>(file, header),
        ('u', 4) => ReadElements<uint>(file, header),
        ('u', 8) => ReadElements<ulong>(file, header),
        _ => Array.ConvertAll(ReadElements<byte>(file, header), value => value != 0),
    };

    /// <summary>What is told of a file that is not as long as its header says.</summary>
    public static OccamException WrongLength(DataFile file, NpyHeader header, long held, long declared) => new(
        $"{file.Name} has {Message.Number(held)} bytes of elements, but its shape ({Message.Shape(header.Shape)}) needs "
            + $"{Message.Number(declared)}: it is truncated or damaged");

    private static void Read<TRaw, T>(DataFile file, NpyHeader header, T[] elements)
        where TRaw : unmanaged, INumber<TRaw>
        where T : unmanaged, INumber<T>
    {
        var chunk = new TRaw[Math.Min(ChunkBytes / header.ElementSize, elements.Length)];
        FortranOrder? order = header.IsFortranOrder && header.Shape.Length > 1 ? new(header.Shape) : null;
        for (var start = 0; start < elements.Length; start += chunk.Length)
        {
            var raw = chunk.AsSpan(0, Math.Min(chunk.Length, elements.Length - start));
            var bytes = MemoryMarshal.AsBytes(raw);
            file.ReadExactly(bytes);
            if (header.IsBigEndian == BitConverter.IsLittleEndian)
            {
                ReverseEndianness(bytes, header.ElementSize);
            }

            for (var i = 0; i < raw.Length; i++)
            {
                elements[order?.Next() ?? start + i] = T.CreateSaturating(raw[i]);
            }
        }
    }

    private static void ReverseEndianness(Span<byte> bytes, int elementSize)
    {
        switch (elementSize)
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }

    /// <summary>Where, in C order, the elements belong that come with the first index varying fastest.</summary>
    private sealed class FortranOrder
    {
        private readonly int[] _shape, _strides, _indices;
        private int _position;

        public FortranOrder(int[] shape)
        {
            _shape = shape;
            _indices = new int[shape.Length];
            _strides = new int[shape.Length];
            var stride = 1;
            for (var i = shape.Length - 1; i >= 0; i--)
            {
                _strides[i] = stride;
                stride *= shape[i];
            }
        }

        public int Next()
        {
            var current = _position;
            for (var i = 0; i < _shape.Length; i++)
            {
                _position += _strides[i];
                if (++_indices[i] < _shape[i])
                {
                    break;
                }

                _position -= _strides[i] * _shape[i];
                _indices[i] = 0;
            }

            return current;
        }
    }
}
