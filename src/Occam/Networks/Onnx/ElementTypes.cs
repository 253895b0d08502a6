using Occam.Torch;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Networks.Onnx;

/// <summary>ONNX's element types and the types that hold them here.</summary>
internal static class ElementTypes
{
    /// <summary>
    /// The type in which a tensor of a file is kept, or null when it can't be. Integers that libtorch doesn't have are widened.
    /// </summary>
    public static ScalarType? Stored(int dataType) => (DataType)dataType switch
    {
        DataType.Uint8 or DataType.Uint4 or DataType.Uint2 => ScalarType.Byte,
        DataType.Int8 or DataType.Int4 or DataType.Int2 => ScalarType.Int8,
        DataType.Int16 => ScalarType.Int16,
        DataType.Uint16 or DataType.Int32 => ScalarType.Int32,
        DataType.Uint32 or DataType.Int64 or DataType.Uint64 => ScalarType.Int64,
        DataType.Float16 => ScalarType.Float16,
        DataType.Bfloat16 => ScalarType.BFloat16,
        DataType.Float => ScalarType.Float32,
        DataType.Double => ScalarType.Float64,
        DataType.Bool => ScalarType.Bool,
        _ => null,
    };

    public static bool IsFloatingPoint(int dataType) =>
        (DataType)dataType is DataType.Float16 or DataType.Bfloat16 or DataType.Float or DataType.Double;

    public static DataType ToOnnx(ScalarType type) => type switch
    {
        ScalarType.Byte => DataType.Uint8,
        ScalarType.Int8 => DataType.Int8,
        ScalarType.Int16 => DataType.Int16,
        ScalarType.Int32 => DataType.Int32,
        ScalarType.Int64 => DataType.Int64,
        ScalarType.Float16 => DataType.Float16,
        ScalarType.BFloat16 => DataType.Bfloat16,
        ScalarType.Float32 => DataType.Float,
        ScalarType.Float64 => DataType.Double,
        ScalarType.Bool => DataType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no ONNX type for it"),
    };
}
