using System.Text;

namespace Occam.Lab.Text;

/// <summary>
/// Reads text files of which only so much is taken, whatever length the file says it has: a device has none, and a pipe may
/// never end, or never begin.
/// </summary>
internal static class CappedText
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The text of a file, or null where it is longer than that.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">The most bytes that are taken.</param>
    /// <exception cref="IOException">The file can't be read, or nothing came out of it for long.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string path, int longest)
    {
        // What has no length may be a pipe, which blocks whoever opens it until somebody writes.
        if (new FileInfo(path).Length > 0)
        {
            return ReadNow(path, longest);
        }

        var reading = Task.Run(() => ReadNow(path, longest));
        return Task.WaitAny([reading], s_patience) == 0
            ? reading.GetAwaiter().GetResult()
            : throw new IOException($"it has not ended after {s_patience.TotalSeconds} seconds: expected a file, "
                + "not a pipe that stays open");
    }

    /// <summary>The text that the first bytes are, as it is read from a file.</summary>
    public static string Of(byte[] bytes, int count)
    {
        using var text = new StreamReader(new MemoryStream(bytes, 0, count), Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static string? ReadNow(string path, int longest)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        var (bytes, count) = (new byte[Math.Min(longest + 1, 1 << 14)], 0);
        while (file.Read(bytes, count, bytes.Length - count) is > 0 and var read)
        {
            count += read;
            if (count > longest)
            {
                return null;
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, longest + 1L));
            }
        }

        return Of(bytes, count);
    }
}
