using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>What a file says of a value's elements: one of ONNX's types, by its number.</summary>
/// <param name="Number">The number; 0 where the file doesn't say, or says that the value is no tensor.</param>
internal readonly record struct DeclaredType(int Number)
{
    /// <summary>Floating-point numbers of 64 bits.</summary>
    public static DeclaredType Float64 => new((int)DataType.Double);

    /// <summary>Whether the elements are bfloat16, which NumPy doesn't have.</summary>
    public bool IsBFloat16 => Number == (int)DataType.Bfloat16;

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloatingPoint => ElementTypes.IsFloatingPoint(Number);

    /// <summary>Whether the elements are truth values.</summary>
    public bool IsTruthValue => Number == (int)DataType.Bool;

    /// <summary>Whether the elements are whole numbers.</summary>
    public bool IsWhole => Range is not null;

    /// <summary>Whether arrays of numbers hold it: not strings, complex numbers, or types that came later.</summary>
    public bool IsNumber => Number == 0 || IsFloatingPoint || IsTruthValue || IsWhole;

    /// <summary>The name, as NumPy has it where it has one.</summary>
    public string Name => (DataType)Number switch
    {
        DataType.Float => "float32",
        DataType.Double => "float64",
        var type => type.ToString().ToLowerInvariant(),
    };

    /// <summary>The least and the greatest whole number, as far as 64 bits with a sign hold them; null for what is none.</summary>
    public (long Least, long Greatest)? Range => (DataType)Number switch
    {
        DataType.Int2 => (-2, 1),
        DataType.Uint2 => (0, 3),
        DataType.Int4 => (-8, 7),
        DataType.Uint4 => (0, 15),
        DataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DataType.Uint8 => (byte.MinValue, byte.MaxValue),
        DataType.Int16 => (short.MinValue, short.MaxValue),
        DataType.Uint16 => (ushort.MinValue, ushort.MaxValue),
        DataType.Int32 => (int.MinValue, int.MaxValue),
        DataType.Uint32 => (uint.MinValue, uint.MaxValue),
        DataType.Int64 => (long.MinValue, long.MaxValue),
        DataType.Uint64 => (0, long.MaxValue),
        _ => null,
    };
}
