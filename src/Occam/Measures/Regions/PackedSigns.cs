using System.Runtime.Intrinsics;

namespace Occam.Measures.Regions;

/// <summary>Signs, a byte of 0 or 1 each, packed to bits.</summary>
internal static class PackedSigns
{
    private const int BitsOfByte = 8;

    /// <summary>How many bytes so many signs take.</summary>
    public static int BytesOf(int signs) => (signs + BitsOfByte - 1) / BitsOfByte;

    /// <summary>Packs them, the first in the lowest bit of the first byte; what is left of the last byte is 0.</summary>
    /// <param name="signs">The signs.</param>
    /// <param name="bits">Room for <see cref="BytesOf"/> or more.</param>
    /// <returns>The bytes that were written.</returns>
    public static Span<byte> Of(ReadOnlySpan<byte> signs, Span<byte> bits)
    {
        var done = 0;
        for (; done + Vector256<byte>.Count <= signs.Length; done += Vector256<byte>.Count)
        {
            var zeros = Vector256.Equals(Vector256.Create(signs.Slice(done, Vector256<byte>.Count)), Vector256<byte>.Zero);
            BitConverter.TryWriteBytes(bits[(done / BitsOfByte)..], ~zeros.ExtractMostSignificantBits());
        }

        var written = bits[..BytesOf(signs.Length)];
        written[(done / BitsOfByte)..].Clear();
        for (; done < signs.Length; done++)
        {
            written[done / BitsOfByte] |= (byte)((signs[done] & 1) << (done % BitsOfByte));
        }

        return written;
    }
}
