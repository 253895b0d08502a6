using System.Globalization;
using System.Text;

namespace Occam.Data;

/// <summary>
/// The few lines of text that git keeps in place of a large file which git LFS stores elsewhere: where the real file wasn't fetched,
/// they are what lies there.
/// </summary>
internal static class LfsPointer
{
    // A pointer has at most 1,024 bytes by its specification.
    private const int MostBytes = 1024;

    private static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/v1"u8;

    /// <summary>What to tell of a file that is a pointer, as the end of a sentence about it; null where it is none.</summary>
    /// <param name="stream">The file, which is left at its beginning.</param>
    public static string? Told(Stream stream)
    {
        if (stream.Length > MostBytes)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.Position = 0;
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (!bytes.AsSpan(0, read).StartsWith(Start))
        {
            return null;
        }

        var size = Encoding.ASCII.GetString(bytes).Split('\n')
            .Where(line => line.StartsWith("size ", StringComparison.Ordinal))
            .Select(line => long.TryParse(line.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .FirstOrDefault(-1);
        return $"is a git-LFS pointer, {bytes.Length} bytes of text in place of the file itself"
            + $"{(size < 0 ? "" : $", which has {Message.Bytes(size)}")}: run 'git lfs pull' where it was cloned, or download the file";
    }
}
