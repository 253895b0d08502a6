using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Occam.Lab.Reports;

/// <summary>A small image: a byte for each channel of each pixel, row by row from the top.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for gray, 3 for red, green and blue.</param>
/// <param name="Pixels">The bytes, the channels of a pixel beside each other.</param>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels)
{
    private const byte BitDepth = 8;
    private const byte Gray = 0;
    private const byte Colour = 2;
    private static readonly byte[] s_signature = [0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n'];

    /// <summary>The bytes.</summary>
    public byte[] Pixels { get; init; } = Channels is 1 or 3 && Pixels.Length == Width * Height * Channels
        ? Pixels
        : throw new ArgumentException(
            $"{Pixels.Length} bytes for {Width}×{Height} pixels of {Channels} channels: expected 1 or 3 channels", nameof(Pixels));

    /// <summary>A picture of values, as a data set or a network has them: channel by channel, each row by row.</summary>
    /// <param name="values">As many as channels, rows and columns.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="black">The value shown as black.</param>
    /// <param name="white">The value shown as white.</param>
    public static Picture FromChannels(ReadOnlySpan<float> values, int channels, int height, int width, float black = 0, float white = 1)
    {
        var pixels = new byte[channels * height * width];
        for (var i = 0; i < pixels.Length; i++)
        {
            var share = (values[(i % channels * height * width) + (i / channels)] - black) / (white - black);
            pixels[i] = (byte)Math.Round(255 * Math.Clamp(float.IsNaN(share) ? 0 : share, 0, 1));
        }

        return new Picture(width, height, channels, pixels);
    }

    /// <summary>The image as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var file = new MemoryStream();
        file.Write(s_signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (BitDepth, Channels == 1 ? Gray : Colour);
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Compressed());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>The image as an address that carries it.</summary>
    internal string ToDataUri() => $"data:image/png;base64,{Convert.ToBase64String(ToPng())}";

    // Each row begins with the number of its filter: 0, none.
    private byte[] Compressed()
    {
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            foreach (var row in Pixels.Chunk(Width * Channels))
            {
                deflate.WriteByte(0);
                deflate.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, string type, byte[] content)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. content];
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(typed));
        file.Write(number);
    }

    // CRC-32 of ISO 3309, bit by bit: thumbnails are small.
    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ (0xEDB88320 & (0 - (sum & 1)));
            }
        }

        return ~sum;
    }
}
