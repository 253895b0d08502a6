using System.Buffers.Binary;
using System.Text;

namespace Occam.Data;

/// <summary>Where in a zip archive the bytes of its entries lie, where all are stored as they are: NumPy's savez packs nothing.</summary>
internal static class ZipContents
{
    private const int EndLength = 22;
    private const int LongestComment = 65_535;
    private const int LocatorLength = 20;
    private const uint Large = uint.MaxValue;

    /// <summary>The offset and the length of each entry, by name; empty where one is packed, or the archive can't be read so.</summary>
    public static Dictionary<string, (long Offset, long Length)> StoredEntries(Stream file)
    {
        var found = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        try
        {
            var (start, count) = Directory(file);
            var position = start;
            for (var i = 0L; i < count; i++)
            {
                var record = Bytes(file, position, 46);
                if (U32(record, 0) != 0x02014B50)
                {
                    return [];
                }

                var (nameLength, extraLength, commentLength) = (U16(record, 28), U16(record, 30), U16(record, 32));
                var rest = Bytes(file, position + 46, nameLength + extraLength);
                var name = Encoding.UTF8.GetString(rest, 0, nameLength);
                var (length, offset) = Sizes(record, rest.AsSpan(nameLength));
                var isStored = U16(record, 10) == 0 && (U16(record, 8) & 1) == 0;
                if (!isStored || !found.TryAdd(name, (offset, length)))
                {
                    return [];
                }

                position += 46 + nameLength + extraLength + commentLength;
            }

            foreach (var (name, (offset, length)) in found.ToArray())
            {
                var local = Bytes(file, offset, 30);
                var data = offset + 30 + U16(local, 26) + U16(local, 28);
                if (U32(local, 0) != 0x04034B50 || data + length > file.Length)
                {
                    return [];
                }

                found[name] = (data, length);
            }

            return found;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            // Whatever is wrong with it, reading it as an archive tells.
            return [];
        }
    }

    private static (long Start, long Count) Directory(Stream file)
    {
        var length = (int)Math.Min(file.Length, EndLength + LongestComment);
        var tail = Bytes(file, file.Length - length, length);
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndLength > length)
        {
            throw new EndOfStreamException();
        }

        long count = U16(tail, end + 10), start = U32(tail, end + 16);
        if (start != Large && count != ushort.MaxValue)
        {
            return (start, count);
        }

        var locator = Bytes(file, file.Length - length + end - LocatorLength, LocatorLength);
        if (U32(locator, 0) != 0x07064B50)
        {
            throw new EndOfStreamException();
        }

        var wide = Bytes(file, (long)U64(locator, 8), 56);
        return ((long)U64(wide, 48), (long)U64(wide, 32));
    }

    // The unpacked length and the offset; of large files they stand in the extra field, those that are needed, in order.
    private static (long Length, long Offset) Sizes(byte[] record, ReadOnlySpan<byte> extra)
    {
        long packed = U32(record, 20), length = U32(record, 24), offset = U32(record, 42);
        while (extra.Length >= 4)
        {
            var (id, size) = (BinaryPrimitives.ReadUInt16LittleEndian(extra), BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]));
            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != 1)
            {
                continue;
            }

            foreach (var part in new[] { 0, 1, 2 })
            {
                if ((part == 0 ? length : part == 1 ? packed : offset) != Large)
                {
                    continue;
                }

                var value = BinaryPrimitives.ReadInt64LittleEndian(field);
                field = field[8..];
                _ = part == 0 ? length = value : part == 1 ? packed = value : offset = value;
            }
        }

        return length >= 0 && offset >= 0 && packed == length ? (length, offset) : throw new EndOfStreamException();
    }

    private static byte[] Bytes(Stream file, long position, int count)
    {
        var bytes = new byte[count];
        file.Position = position >= 0 ? position : throw new EndOfStreamException();
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
