using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// Tensors out of a model file, in every encoding that ONNX has for numbers. Half precision and less is read as single, whole
/// numbers of 2 and 4 bits as bytes, and every floating-point tensor is given in the model's one type. Nothing is allocated before the
/// bytes for it are known to be there, and they go from the file into the tensor piece by piece, without a copy between.
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
            DataType.Float8E4M3Fn => Small(SmallFloats.E4M3FN),
            DataType.Float8E4M3Fnuz => Small(SmallFloats.E4M3FNUZ),
            DataType.Float8E5M2 => Small(SmallFloats.E5M2),
            DataType.Float8E5M2Fnuz => Small(SmallFloats.E5M2FNUZ),
            DataType.Float8E8M0 => Small(SmallFloats.E8M0),
            DataType.Float4E2M1 when floatType == ScalarType.Float64 => source.ReadPacked<double>(4, bits => SmallFloats.E2M1(bits)),
            DataType.Float4E2M1 => source.ReadPacked(4, SmallFloats.E2M1),
            DataType.Uint4 => source.ReadPacked(4, bits => (byte)bits),
            DataType.Int4 => source.ReadPacked(4, bits => (sbyte)(bits < 8 ? bits : bits - 16)),
            DataType.Uint2 => source.ReadPacked(2, bits => (byte)bits),
            DataType.Int2 => source.ReadPacked(2, bits => (sbyte)(bits < 2 ? bits : bits - 4)),
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
            var other => throw new OccamException($"{owner} has elements of type {other}: Occam reads floating-point numbers of 4 to 64 "
                + "bits, integers of 2 to 64 bits and truth values (no strings, no complex numbers)"),
        };

        Tensor Small(Func<byte, float> value) => floatType == ScalarType.Float64
            ? source.Read<byte, int, double>(proto.Int32Data, x => (byte)x, x => value(x))
            : source.Read<byte, int, float>(proto.Int32Data, x => (byte)x, value);
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

        /// <summary>A tensor of numbers of 2 or 4 bits, several in a byte, the lowest first.</summary>
        public Tensor ReadPacked<TKept>(int bits, Func<int, TKept> value)
            where TKept : unmanaged
        {
            var inByte = 8 / bits;
            var packed = new byte[(Elements + inByte - 1) / inByte];
            if (Proto.DataLocation == DataLocation.External)
            {
                Reader._external.Find(Proto, Owner, packed.Length, 1).Read<byte>((bytes, start) => bytes.CopyTo(packed.AsSpan(start)));
            }
            else if (Proto.HasRawData ? Proto.RawData.Length != packed.Length : Proto.Int32Data.Count != packed.Length)
            {
                throw Mismatch(Proto.HasRawData ? $"{Proto.RawData.Length} bytes" : $"{Proto.Int32Data.Count} bytes in whole numbers");
            }
            else
            {
                packed = Proto.HasRawData ? Proto.RawData.ToByteArray() : [.. Proto.Int32Data.Select(pair => (byte)pair)];
            }

            var tensor = Empty<TKept>();
            var kept = tensor.AsSpan<TKept>();
            for (var i = 0; i < kept.Length; i++)
            {
                kept[i] = value((packed[i / inByte] >> (bits * (i % inByte))) & ((1 << bits) - 1));
            }

            return tensor;
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
