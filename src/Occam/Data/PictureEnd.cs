using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;

namespace Occam.Data;

/// <summary>
/// Whether the file of a picture goes on to the picture's end. The decoder fills what is missing of a JPEG, GIF or BMP without a word; what
/// is missing of a PNG or WebP it tells itself.
/// </summary>
internal static class PictureEnd
{
    private const int BmpHeader = 54;
    private const int GifHeader = 13;
    private const int GifFrame = 10;

    /// <summary>Whether all of the (first) picture is there.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="info">What its header says.</param>
    public static bool IsThere(ReadOnlySpan<byte> bytes, IImageFormat format, IImageInfo info) => format switch
    {
        // The mark of the end after the start of the last scan: marks don't occur within a scan, and thumbnails stand before it.
        JpegFormat => bytes.LastIndexOf<byte>([0xFF, 0xD9]) > bytes.LastIndexOf<byte>([0xFF, 0xDA]),
        BmpFormat => bytes.Length >= BmpHeader && BmpBytes(bytes, info) <= bytes.Length,
        GifFormat => HasFrame(bytes),
        _ => true,
    };

    // Where the pixels begin, and how many bytes they take; of packed ones the header may say it.
    private static long BmpBytes(ReadOnlySpan<byte> bytes, IImageInfo info)
    {
        var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var isOld = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) == 12;
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(isOld ? 24 : 28)..]);
        var isPacked = !isOld && BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]) is 1 or 2;
        return start + (isPacked
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[34..])
            : ((((long)bits * info.Width) + 31) / 32 * 4 * info.Height));
    }

    // Goes over the blocks of a GIF to the end of its first frame.
    private static bool HasFrame(ReadOnlySpan<byte> bytes)
    {
        var place = (long)GifHeader + Colours(bytes, 10);
        while (place < bytes.Length)
        {
            var isFrame = bytes[(int)place] == 0x2C;
            if (!isFrame && bytes[(int)place] != 0x21)
            {
                return false;
            }

            // A frame has its place, its colours and the size of its codes before its blocks; an extension has its kind.
            place += isFrame ? GifFrame + Colours(bytes, place + 9) + 1 : 2;
            while (place < bytes.Length && bytes[(int)place] is > 0 and var length)
            {
                place += length + 1;
            }

            if (isFrame)
            {
                return place < bytes.Length;
            }

            place++;
        }

        return false;
    }

    // The bytes of a table of colours, if the flags at a place announce one.
    private static int Colours(ReadOnlySpan<byte> bytes, long flags) =>
        flags < bytes.Length && (bytes[(int)flags] & 0x80) != 0 ? 3 << ((bytes[(int)flags] & 7) + 1) : 0;
}
