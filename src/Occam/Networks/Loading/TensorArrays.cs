using Occam.Data;
using Occam.Networks.Onnx;
using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Loading;

/// <summary>
/// Arrays as a network takes and gives them: floating-point numbers all in its one type, whole numbers in 64 bits or their own, and at the
/// other end the types that the file declares.
/// </summary>
internal static class TensorArrays
{
    /// <summary>An array as the value of an input.</summary>
    /// <param name="array">The array.</param>
    /// <param name="input">The input, for which it is.</param>
    /// <param name="type">The floating-point type that the network computes in.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="OccamException">Its type or its shape is not what the model declares.</exception>
    public static Tensor Of(NumberArray array, ValueInfo input, ScalarType type, Device device)
    {
        var declared = new DeclaredType(input.ElementType);
        if (!declared.IsNumber)
        {
            throw new OccamException($"the model takes {declared.Name} at '{input.Name}': Occam runs networks of numbers alone");
        }

        if (!Fits(array, input))
        {
            throw new OccamException($"'{input.Name}' is {array}: the model takes {Described(input)}");
        }

        long[] shape = [.. array.Shape.Select(size => (long)size)];
        if (declared.IsFloatingPoint || (declared.Number == 0 && array.IsFloatingPoint))
        {
            // ONNX's own tools hand bfloat16 over as its bits.
            var areBits = declared.IsBFloat16 && array.ElementType == typeof(ushort);
            var floating = array.ElementType == typeof(double) ? Tensor.FromArray((double[])array.Elements, shape)
                : areBits ? Tensor.FromArray(Array.ConvertAll((ushort[])array.Elements, OfBits), shape)
                : Tensor.FromArray(array.Elements as float[] ?? array.ToArray<float>(), shape);
            return floating.To(type).To(device);
        }

        return array.IsFloatingPoint
            ? throw new OccamException($"'{input.Name}' is {array}: the model takes {Described(input)}, and numbers aren't rounded unasked")
            : Whole(array, input, declared, shape);
    }

    /// <summary>A value as an array of the type that the file declares; of its own type where it declares none.</summary>
    /// <exception cref="OccamException">The value is too large for an array.</exception>
    public static NumberArray ToArray(Tensor value, ValueInfo output)
    {
        if (value.Elements > Array.MaxLength)
        {
            throw new OccamException($"'{output.Name}' has {Message.Number(value.Elements)} elements, more than an array can hold");
        }

        var declared = new DeclaredType(output.ElementType);
        int[] shape = [.. value.Shape.Select(size => (int)size)];
        return declared.IsFloatingPoint || (!declared.IsWhole && !declared.IsTruthValue && value.IsFloatingPoint)
            ? new NumberArray(Floating(value, (DataType)declared.Number), shape)
            : declared.IsTruthValue || (!declared.IsWhole && value.ScalarType == ScalarType.Bool)
            ? new NumberArray(value.ToArray<bool>(), shape)
            : new NumberArray(Whole(value, (DataType)declared.Number), shape);
    }

    // A file that says nothing of the shape takes any.
    private static bool Fits(NumberArray array, ValueInfo input) =>
        input.Shape.IsDefault
        || (input.Shape.Length == array.Shape.Length
            && input.Shape.Zip(array.Shape).All(pair => pair.First is not { } size || size == pair.Second));

    private static string Described(ValueInfo input)
    {
        var name = new DeclaredType(input.ElementType).Name;
        return input.Shape is { IsDefault: false, IsEmpty: true } ? $"{name}, a single number"
            : input.Shape.IsDefault ? name
            : $"{name} {string.Join('×', input.Shape.Select((size, i) =>
                size?.ToString() ?? (input.Symbols.IsDefault ? null : input.Symbols[i]) ?? (i == 0 ? "N" : "?")))}";
    }

    private static Tensor Whole(NumberArray array, ValueInfo input, DeclaredType declared, long[] shape)
    {
        if (array.Elements is bool[] truths && !declared.IsWhole)
        {
            return Tensor.FromArray(truths, shape);
        }

        var numbers = Longs(array, input);
        var (least, greatest) = declared.Range ?? (declared.IsTruthValue ? (0, 1) : (long.MinValue, long.MaxValue));
        var wrong = Array.FindIndex(numbers, number => number < least || number > greatest);
        return wrong >= 0 ? throw new OccamException($"'{input.Name}' holds {numbers[wrong]}: the model takes {Described(input)}")
            : declared.IsTruthValue ? Tensor.FromArray(Array.ConvertAll(numbers, number => number != 0), shape)
            : Narrowed(numbers, (DataType)declared.Number, shape);
    }

    // In few bits whole numbers keep their type, which is what a network is quantized to.
    private static Tensor Narrowed(long[] numbers, DataType type, long[] shape) => type switch
    {
        DataType.Uint8 or DataType.Uint4 or DataType.Uint2 => Tensor.FromArray(Array.ConvertAll(numbers, number => (byte)number), shape),
        DataType.Int8 or DataType.Int4 or DataType.Int2 => Tensor.FromArray(Array.ConvertAll(numbers, number => (sbyte)number), shape),
        DataType.Int16 => Tensor.FromArray(Array.ConvertAll(numbers, number => (short)number), shape),
        DataType.Uint16 => Tensor.FromArray(Array.ConvertAll(numbers, number => (int)number), shape),
        _ => Tensor.FromArray(numbers, shape),
    };

    private static long[] Longs(NumberArray array, ValueInfo input)
    {
        try
        {
            return array.ToArray<long>();
        }
        catch (OverflowException e)
        {
            throw new OccamException($"'{input.Name}' holds a number above {long.MaxValue}, the largest that Occam computes with", e);
        }
    }

    private static float OfBits(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    // As ONNX's conformance cases have it: the lower bits are cut off, whatever they are.
    private static float ToBFloat16(float number) =>
        float.IsNaN(number) ? number : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(number) & 0xFFFF0000);

    // NumPy has no bfloat16; float32 holds each of its numbers.
    private static Array Floating(Tensor value, DataType type) => type switch
    {
        DataType.Double => value.ToArray<double>(),
        DataType.Float => value.ToArray<float>(),
        DataType.Float16 => Array.ConvertAll(value.ToArray<double>(), number => (Half)number),
        DataType.Bfloat16 => Array.ConvertAll(value.ToArray<float>(), ToBFloat16),
        _ => value.ScalarType == ScalarType.Float64 ? value.ToArray<double>() : value.ToArray<float>(),
    };

    // What overflows wraps around, as it does in arithmetic of the smaller type.
    private static Array Whole(Tensor value, DataType type)
    {
        var numbers = value.ToArray<long>();
        return type switch
        {
            DataType.Int8 or DataType.Int4 or DataType.Int2 => Array.ConvertAll(numbers, number => unchecked((sbyte)number)),
            DataType.Uint8 or DataType.Uint4 or DataType.Uint2 => Array.ConvertAll(numbers, number => unchecked((byte)number)),
            DataType.Int16 => Array.ConvertAll(numbers, number => unchecked((short)number)),
            DataType.Uint16 => Array.ConvertAll(numbers, number => unchecked((ushort)number)),
            DataType.Int32 => Array.ConvertAll(numbers, number => unchecked((int)number)),
            DataType.Uint32 => Array.ConvertAll(numbers, number => unchecked((uint)number)),
            DataType.Uint64 => Array.ConvertAll(numbers, number => unchecked((ulong)number)),
            _ => numbers,
        };
    }
}
