using System.Buffers.Binary;

namespace Occam.Lab.Runs.TensorBoard;

/// <summary>The records of an event file, by their checksums.</summary>
internal static class EventRecords
{
    private const int HeaderLength = sizeof(ulong) + sizeof(uint);
    private const ulong MostRecordBytes = 64 << 20;

    /// <summary>Counts the whole records of a file.</summary>
    /// <returns>How many come before the first one that is not whole, and what is wrong with that; null at the end, which a kill may have
    /// cut short.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static (long Whole, string? Problem) Count(string path)
    {
        using var file = PlainFile.Open(path, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var header = new byte[HeaderLength];
        for (var count = 0L; ; count++)
        {
            if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            {
                return (count, null);
            }

            if (!Agrees(header.AsSpan(0, sizeof(ulong)), header.AsSpan(sizeof(ulong))))
            {
                return (count, "the length of a record does not agree with its checksum");
            }

            var length = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (length + sizeof(uint) > (ulong)(file.Length - file.Position))
            {
                return (count, null);
            }

            if (length > MostRecordBytes)
            {
                return (count, $"a record of {length:N0} bytes is longer than any that is written");
            }

            var content = new byte[checked((int)length + sizeof(uint))];
            file.ReadExactly(content);
            if (!Agrees(content.AsSpan(0, (int)length), content.AsSpan((int)length)))
            {
                return (count, "a record does not agree with its checksum");
            }
        }
    }

    private static bool Agrees(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> checksum) =>
        MaskedCrc32C.Of(bytes) == BinaryPrimitives.ReadUInt32LittleEndian(checksum);
}
