using System.Buffers;
using System.Text.Json;

namespace Occam.Lab.Runs.Store;

/// <summary>A file of lines that carry checksums, read while it is written.</summary>
internal static class CheckedLines
{
    private const int LongestLine = 1 << 20;

    /// <summary>The whole lines of a file; a last one that is cut short, by a kill, is left out.</summary>
    /// <param name="path">The file; nothing where it isn't there.</param>
    /// <param name="haveChecksums">Whether every line must have one.</param>
    /// <param name="damaged">Called with the reason for each damaged line, which is left out; null where the first one is an error.</param>
    /// <exception cref="OccamException">A line is damaged, or the file can't be read.</exception>
    public static IEnumerable<T> Read<T>(string path, bool haveChecksums, Action<string>? damaged = null)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        var number = 0;
        using var stream = Open(path);
        foreach (var line in Of(stream))
        {
            number++;
            T value;
            try
            {
                value = CheckedLine.Read<T>(line, haveChecksums);
            }
            catch (JsonException e)
            {
                var why = $"'{path}' is damaged in line {number}: {e.Reason()}";
                if (damaged is null)
                {
                    throw new OccamException(why, e);
                }

                damaged(why);
                continue;
            }

            yield return value;
        }
    }

    /// <summary>Opens a file that may be written meanwhile.</summary>
    /// <exception cref="OccamException">It can't be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return PlainFile.Open(path, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read '{path}': {e.Reason()}", e);
        }
    }

    /// <summary>The lines of a stream, without their ends: what ends with a line's end.</summary>
    public static IEnumerable<byte[]> Of(Stream stream)
    {
        var (buffer, line) = (new byte[1 << 16], new ArrayBufferWriter<byte>());
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            for (var start = 0; start < read;)
            {
                var end = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');

                // Of a line that is longer than any, so much is taken that it is seen to be damaged.
                line.Write(buffer.AsSpan(start, Math.Min(end < 0 ? read - start : end, LongestLine - line.WrittenCount)));
                start = end < 0 ? read : start + end + 1;
                if (end >= 0)
                {
                    yield return line.WrittenSpan.ToArray();
                    line.ResetWrittenCount();
                }
            }
        }
    }
}
