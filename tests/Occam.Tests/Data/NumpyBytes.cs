using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Occam.Tests.Data;

/// <summary>Writes NumPy's formats, as numpy.save and numpy.savez do.</summary>
internal static class NumpyBytes
{
    public static byte[] Npy(string type, string shape, byte[] elements, bool fortran = false, int version = 1)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}";
        return WithHeader(text, elements, version);
    }

    public static byte[] WithHeader(string text, byte[] elements, int version = 1)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        text = text.PadRight(64 - ((8 + lengthBytes + text.Length + 1) % 64) + text.Length) + "\n";
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length[..lengthBytes], .. Encoding.Latin1.GetBytes(text), .. elements];
    }

    public static byte[] Doubles(params double[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Floats(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Longs(params long[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Npz(byte[] x, byte[]? y = null, CompressionLevel level = CompressionLevel.NoCompression) =>
        y is null ? Zip(level, ("x.npy", x)) : Zip(level, ("x.npy", x), ("y.npy", y));

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream packed = new(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            packed.Write(bytes);
        }

        return stream.ToArray();
    }
}
