using System.Runtime.InteropServices;
using System.Text;

namespace Occam.Data;

/// <summary>Writes arrays in NumPy's format, version 1 (numpy.lib.format), as <c>numpy.save</c> does.</summary>
internal static class NpyWriter
{
    private const int HeaderMultiple = 64;
    private const int ChunkElements = 1 << 20;

    /// <summary>Writes an array: header and elements.</summary>
    public static void Write(Stream stream, NumberArray array)
    {
        var shape = string.Concat(array.Shape.Select((size, i) => i == 0 ? $"{size}," : $" {size},"));
        var dictionary = $"{{'descr': '{Description(array.ElementType)}', 'fortran_order': False, 'shape': "
            + $"({(array.Shape.Length > 1 ? shape.TrimEnd(',') : shape)}), }}";

        // Magic, version and length take ten bytes; the elements begin at a multiple of 64.
        var length = ((10 + dictionary.Length + HeaderMultiple) / HeaderMultiple * HeaderMultiple) - 10;
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.Latin1.GetBytes(dictionary.PadRight(length - 1) + "\n"));
        WriteElements(stream, array.Elements);
    }

    private static string Description(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "|b1",
        TypeCode.SByte => "|i1",
        TypeCode.Byte => "|u1",
        TypeCode.Int16 => "<i2",
        TypeCode.UInt16 => "<u2",
        TypeCode.Int32 => "<i4",
        TypeCode.UInt32 => "<u4",
        TypeCode.Int64 => "<i8",
        TypeCode.UInt64 => "<u8",
        TypeCode.Single => "<f4",
        TypeCode.Double => "<f8",
        _ when type == typeof(Half) => "<f2",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such array"),
    };

    // The runtime takes an array of signed numbers for one of unsigned ones of the same size, whose bytes are the same.
    private static void WriteElements(Stream stream, Array elements)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("arrays are written by little-endian machines alone");
        }

        switch (elements)
        {
            case bool[] values: Write(stream, values); break;
            case byte[] values: Write(stream, values); break;
            case ushort[] values: Write(stream, values); break;
            case uint[] values: Write(stream, values); break;
            case ulong[] values: Write(stream, values); break;
            case Half[] values: Write(stream, values); break;
            case float[] values: Write(stream, values); break;
            case double[] values: Write(stream, values); break;
        }
    }

    // In parts, for the bytes of a large array are more than a span can count.
    private static void Write<T>(Stream stream, T[] values) where T : unmanaged
    {
        for (var start = 0; start < values.Length; start += ChunkElements)
        {
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(ChunkElements, values.Length - start))));
        }
    }
}
