using System.Buffers.Text;
using System.IO.Hashing;
using System.Text.Json;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>
/// A line of <c>metrics.jsonl</c>: a metric as a JSON object whose last member, "crc", is the CRC-32 of the bytes before it, as eight
/// hexadecimal digits. Lines of older versions have none.
/// </summary>
internal static class MetricLine
{
    private const int Digits = 8;

    private static ReadOnlySpan<byte> Before => ",\"crc\":\""u8;

    private static ReadOnlySpan<byte> After => "\"}"u8;

    /// <summary>The line, with its end.</summary>
    public static byte[] Write(Metric metric)
    {
        var line = RunJson.OfRuns.Line(metric);
        var content = line.AsSpan(0, line.Length - "}\n".Length);
        return [.. content, .. Before, .. Checksum(content), .. After, (byte)'\n'];
    }

    /// <summary>Reads a line, without its end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="hasChecksum">Whether there must be a checksum.</param>
    /// <exception cref="JsonException">It is no metric, or isn't as it was written.</exception>
    public static Metric Read(ReadOnlySpan<byte> line, bool hasChecksum)
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

        return RunJson.OfRuns.Read<Metric>(line);
    }

    private static byte[] Checksum(ReadOnlySpan<byte> content)
    {
        var digits = new byte[Digits];
        Utf8Formatter.TryFormat(Crc32.HashToUInt32(content), digits, out _, new System.Buffers.StandardFormat('x', Digits));
        return digits;
    }
}
