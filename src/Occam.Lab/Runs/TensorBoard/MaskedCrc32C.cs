using System.Numerics;

namespace Occam.Lab.Runs.TensorBoard;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), rotated and shifted as record files have it: a checksum of data that hold
/// checksums themselves would otherwise be no good one.
/// </summary>
internal static class MaskedCrc32C
{
    private const uint Offset = 0xa282ead8;

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Plain(bytes), 15) + Offset;

    /// <summary>The checksum before masking, by the processor's own instruction: System.IO.Hashing has no CRC-32C.</summary>
    public static uint Plain(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
