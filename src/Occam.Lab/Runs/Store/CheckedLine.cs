using System.Buffers.Text;
using System.IO.Hashing;
using System.Text.Json;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// A line of <c>metrics.jsonl</c> and <c>log.jsonl</c>: a JSON object whose last member, "crc", is the CRC-32 of the bytes before it, as
/// eight hexadecimal digits. Lines of older versions have none.
/// </summary>
internal static class CheckedLine
{
    private const int Digits = 8;

    private static ReadOnlySpan<byte> Before => ",\"crc\":\""u8;

    private static ReadOnlySpan<byte> After => "\"}"u8;

    /// <summary>The line, with its end.</summary>
    public static byte[] Write<T>(T value)
    {
        var line = RunJson.OfRuns.Line(value);
        var content = line.AsSpan(0, line.Length - "}\n".Length);
        return [.. content, .. Before, .. Checksum(content), .. After, (byte)'\n'];
    }

    /// <summary>Reads a line, without its end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="hasChecksum">Whether there must be a checksum.</param>
    /// <exception cref="JsonException">It is something else, or isn't as it was written.</exception>
    public static T Read<T>(ReadOnlySpan<byte> line, bool hasChecksum)
    {
        var end = line.Length - Before.Length - Digits - After.Length;
        if (end > 0 && line[end..].StartsWith(Before) && line.EndsWith(After))
        {
            if (!line.Slice(end + Before.Length, Digits).SequenceEqual(Checksum(line[..end])))
            {
                throw new JsonException("its checksum does not agree");
            }
        }
        else if (hasChecksum)
        {
            throw new JsonException("it has no checksum at its end");
        }

        return RunJson.OfRuns.Read<T>(line);
    }

    private static byte[] Checksum(ReadOnlySpan<byte> content)
    {
        var digits = new byte[Digits];
        Utf8Formatter.TryFormat(Crc32.HashToUInt32(content), digits, out _, new System.Buffers.StandardFormat('x', Digits));
        return digits;
    }
}
