using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>
/// Tensors out of a model file, in every encoding that ONNX has for numbers. Half precision is read as single,
/// and every floating-point tensor is given in the model's one type. Nothing is allocated before the bytes
/// for it are known to be there.
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
        var elements = Elements(proto, owner);
        var tensor = (DataType)proto.DataType switch
        {
            DataType.Float => Make(Numbers<float, float>(proto.FloatData, x => x)),
            DataType.Double => Make(Numbers<double, double>(proto.DoubleData, x => x)),
            DataType.Float16 =>
                Make(Array.ConvertAll(Numbers<ushort, int>(proto.Int32Data, x => (ushort)x), x => (float)BitConverter.UInt16BitsToHalf(x))),
            DataType.Bfloat16 =>
                Make(Array.ConvertAll(Numbers<ushort, int>(proto.Int32Data, x => (ushort)x), x => BitConverter.Int32BitsToSingle(x << 16))),
            DataType.Int64 => Make(Numbers<long, long>(proto.Int64Data, x => x)),
            DataType.Int32 => Make(Numbers<int, int>(proto.Int32Data, x => x)),
            DataType.Int16 => Make(Array.ConvertAll(Numbers<short, int>(proto.Int32Data, x => (short)x), x => (int)x)),
            DataType.Int8 => Make(Array.ConvertAll(Numbers<sbyte, int>(proto.Int32Data, x => (sbyte)x), x => (int)x)),
            DataType.Uint16 => Make(Array.ConvertAll(Numbers<ushort, int>(proto.Int32Data, x => (ushort)x), x => (int)x)),
            DataType.Uint8 => Make(Numbers<byte, int>(proto.Int32Data, x => (byte)x)),
            DataType.Uint32 => Make(Array.ConvertAll(Numbers<uint, ulong>(proto.Uint64Data, x => (uint)x), x => (long)x)),
            DataType.Uint64 => Make(Array.ConvertAll(Numbers<ulong, ulong>(proto.Uint64Data, x => x), x => x <= long.MaxValue
                ? (long)x
                : throw new OccamException($"{owner} holds {x}, more than the {long.MaxValue} that an integer may be"))),
            DataType.Bool => Make(Array.ConvertAll(Numbers<byte, int>(proto.Int32Data, x => x != 0 ? (byte)1 : (byte)0), x => x != 0)),
            var other => throw new OccamException($"{owner} has elements of type {other}: expected floating-point numbers, integers or "
                + "truth values (quantized and string models aren't supported)"),
        };
        return tensor.DetachFromDisposeScope();

        T[] Numbers<T, TField>(RepeatedField<TField> field, Func<TField, T> convert)
            where T : unmanaged
        {
            if (proto.DataLocation == DataLocation.External)
            {
                return _external.Read<T>(proto, owner, elements);
            }

            if (proto.HasRawData)
            {
                var raw = proto.RawData.Span;
                return raw.Length == (Int128)elements * Unsafe.SizeOf<T>()
                    ? MemoryMarshal.Cast<byte, T>(raw).ToArray()
                    : throw Mismatch($"{raw.Length} bytes");
            }

            return field.Count == elements ? [.. field.Select(convert)] : throw Mismatch($"{field.Count} numbers");
        }

        Tensor Make<T>(T[] values)
            where T : unmanaged
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            var made = Tensor.FromArray(values, [.. proto.Dims]);
            return (made.IsFloatingPoint ? made.To(floatType).Alias() : made).MoveToOuterDisposeScope();
        }

        OccamException Mismatch(string found) =>
            new($"{owner} is {string.Join("×", proto.Dims)} of {(DataType)proto.DataType}, which is {elements} elements, but "
                + $"the file holds {found} for it: it is damaged");
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
}
