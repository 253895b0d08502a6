using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// Tensors out of a model file, in every encoding that ONNX has for numbers. Half precision is read as single,
/// and every floating-point tensor is given in the model's one type. Nothing is allocated before the bytes
/// for it are known to be there, and they go from the file into the tensor piece by piece, without a copy between.
/// </summary>
internal sealed class TensorReader(string folder, ScalarType floatType)
{
    private const int MostDimensions = 32;
    private readonly ExternalData _external = new(folder);

    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">The tensor.</param>
    /// <param name="owner">What it is, for messages: <c>initializer 'w'</c>.</param>
    /// <exception cref="OccamException">Its dimensions, type and data don't belong together.</exception>
    public Tensor Read(TensorProto proto, string owner)
    {
        var source = new Source(this, proto, owner, Elements(proto, owner));
        return (DataType)proto.DataType switch
        {
            DataType.Float when floatType == ScalarType.Float64 => source.Read<float, float, double>(proto.FloatData, x => x, x => x),
            DataType.Float => source.Read<float, float, float>(proto.FloatData, x => x, null),
            DataType.Double when floatType == ScalarType.Float64 => source.Read<double, double, double>(proto.DoubleData, x => x, null),
            DataType.Double => source.Read<double, double, float>(proto.DoubleData, x => x, x => (float)x),
            DataType.Float16 when floatType == ScalarType.Float64 => source.Read<ushort, int, double>(
                proto.Int32Data, x => (ushort)x, Half),
            DataType.Float16 => source.Read<ushort, int, float>(proto.Int32Data, x => (ushort)x, x => (float)Half(x)),
            DataType.Bfloat16 when floatType == ScalarType.Float64 => source.Read<ushort, int, double>(
                proto.Int32Data, x => (ushort)x, x => BFloat(x)),
            DataType.Bfloat16 => source.Read<ushort, int, float>(proto.Int32Data, x => (ushort)x, BFloat),
            DataType.Int64 => source.Read<long, long, long>(proto.Int64Data, x => x, null),
            DataType.Int32 => source.Read<int, int, int>(proto.Int32Data, x => x, null),
            DataType.Int16 => source.Read<short, int, short>(proto.Int32Data, x => (short)x, null),
            DataType.Int8 => source.Read<sbyte, int, sbyte>(proto.Int32Data, x => (sbyte)x, null),
            DataType.Uint16 => source.Read<ushort, int, int>(proto.Int32Data, x => (ushort)x, x => x),
            DataType.Uint8 => source.Read<byte, int, byte>(proto.Int32Data, x => (byte)x, null),
            DataType.Uint32 => source.Read<uint, ulong, long>(proto.Uint64Data, x => (uint)x, x => x),
            DataType.Uint64 => source.Read<ulong, ulong, long>(proto.Uint64Data, x => x, x => x <= long.MaxValue
                ? (long)x
                : throw new OccamException($"{owner} holds {x}, more than the {long.MaxValue} that an integer may be")),
            DataType.Bool => source.Read<byte, int, bool>(proto.Int32Data, x => x != 0 ? (byte)1 : (byte)0, x => x != 0),
            var other => throw new OccamException($"{owner} has elements of type {other}: Occam reads floating-point numbers of 16 to 64 "
                + "bits, integers of 8 to 64 bits and truth values (no strings, no quantized types of fewer bits)"),
        };

        static double Half(ushort bits) => (double)BitConverter.UInt16BitsToHalf(bits);
        static float BFloat(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);
    }

    private static long Elements(TensorProto proto, string owner)
    {
        if (proto.Dims.Count > MostDimensions)
        {
            throw new OccamException($"{owner} has {proto.Dims.Count} dimensions: expected at most {MostDimensions}");
        }

        return !proto.Dims.Any(size => size < 0) && Limits.Elements([.. proto.Dims]) is { } elements
            ? elements
            : throw new OccamException(
                $"{owner} has the dimensions {string.Join("×", proto.Dims)}: expected sizes that no machine would refuse");
    }

    // Where the numbers of one tensor are.
    private readonly record struct Source(TensorReader Reader, TensorProto Proto, string Owner, long Elements)
    {
        /// <summary>The tensor, each number of the file converted; bit for bit where there is no conversion.</summary>
        public Tensor Read<TStored, TField, TKept>(
            RepeatedField<TField> field, Func<TField, TStored> fromField, Func<TStored, TKept>? convert)
            where TStored : unmanaged
            where TKept : unmanaged
        {
            if (Proto.DataLocation == DataLocation.External)
            {
                var place = Reader._external.Find(Proto, Owner, Elements, Unsafe.SizeOf<TStored>());
                var outside = Empty<TKept>();
                place.Read<TStored>((numbers, start) => Put(numbers, outside.AsSpan<TKept>()[start..], convert));
                return outside;
            }

            if (Proto.HasRawData)
            {
                var raw = Proto.RawData.Span;
                if (raw.Length != (Int128)Elements * Unsafe.SizeOf<TStored>())
                {
                    throw Mismatch($"{raw.Length} bytes");
                }

                var inside = Empty<TKept>();
                Put(MemoryMarshal.Cast<byte, TStored>(raw), inside.AsSpan<TKept>(), convert);
                return inside;
            }

            if (field.Count != Elements)
            {
                throw Mismatch($"{field.Count} numbers");
            }

            var listed = Empty<TKept>();
            Put<TStored, TKept>([.. field.Select(fromField)], listed.AsSpan<TKept>(), convert);
            return listed;
        }

        private static void Put<TStored, TKept>(ReadOnlySpan<TStored> numbers, Span<TKept> kept, Func<TStored, TKept>? convert)
            where TStored : unmanaged
            where TKept : unmanaged
        {
            if (convert is null)
            {
                MemoryMarshal.Cast<TStored, TKept>(numbers).CopyTo(kept);
                return;
            }

            for (var i = 0; i < numbers.Length; i++)
            {
                kept[i] = convert(numbers[i]);
            }
        }

        private Tensor Empty<T>()
            where T : unmanaged
        {
            using var grad = Libtorch.NoGrad();
            return Tensor.Zeros([.. Proto.Dims], Tensor.TypeOf<T>()).DetachFromDisposeScope();
        }

        private OccamException Mismatch(string found) =>
            new($"{Owner} is {string.Join("×", Proto.Dims)} of {(DataType)Proto.DataType}, which is {Elements} elements, but "
                + $"the file holds {found} for it: it is damaged");
    }
}
