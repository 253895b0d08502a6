using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Occam.Tests.Data;

/// <summary>Pictures encoded here byte by byte, as their formats are written down: no library's reader meets its own writer.</summary>
internal static class PictureBytes
{
    /// <summary>A BMP of 24 bits a pixel: rows from the bottom up, blue first, each padded to four bytes.</summary>
    public static byte[] Bmp(int height, int width, params byte[] redGreenBlue)
    {
        var stride = ((3 * width) + 3) / 4 * 4;
        var bytes = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(bytes);
        (int Place, int Value)[] header = [(2, bytes.Length), (10, 54), (14, 40), (18, width), (22, height), (34, stride * height)];
        foreach (var (place, value) in header)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place), value);
        }

        (bytes[26], bytes[28]) = (1, 24);
        for (var i = 0; i < redGreenBlue.Length; i++)
        {
            var (row, column, colour) = (i / 3 / width, i / 3 % width, i % 3);
            bytes[54 + ((height - 1 - row) * stride) + (3 * column) + 2 - colour] = redGreenBlue[i];
        }

        return bytes;
    }

    /// <summary>A PNG of 8 bits a channel: grey, or red, green and blue, row by row without filters.</summary>
    public static byte[] Png(int height, int width, bool grey, params byte[] pixels)
    {
        var stride = pixels.Length / height;
        byte[] rows = [.. Enumerable.Range(0, height).SelectMany(row => (byte[])[0, .. pixels.AsSpan(row * stride, stride)])];
        return Png(height, width, grey ? (byte)0 : (byte)2, rows);
    }

    /// <summary>A PNG whose header says one size, whatever its rows hold.</summary>
    public static byte[] Png(int height, int width, byte colourType, byte[] rows)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] header = [.. BigEndian(width), .. BigEndian(height), 8, colourType, 0, 0, 0];
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. BigEndian(data.Length), .. body, .. BigEndian((int)Crc32.HashToUInt32(body))];
    }

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
