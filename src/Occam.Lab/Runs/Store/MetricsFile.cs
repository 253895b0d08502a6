using System.Diagnostics;
using System.IO.Hashing;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary><c>metrics.jsonl</c>: a row a metric, in the order of seeing them.</summary>
internal sealed class MetricsFile : IDisposable
{
    private static readonly long s_patience = Stopwatch.Frequency / 10;

    private readonly FileStream _stream;
    private readonly XxHash128 _digest;
    private long _flushed;

    private MetricsFile(FileStream stream, long rows, XxHash128 digest)
    {
        _stream = stream;
        _digest = digest;
        Rows = rows;
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>The digest of the rows written.</summary>
    public string Digest => Convert.ToHexStringLower(_digest.GetCurrentHash());

    /// <summary>Opens a file for writing after its first rows; what follows them is cut off.</summary>
    /// <exception cref="OccamException">It has fewer rows, or can't be written.</exception>
    public static MetricsFile Continue(string path, long rows)
    {
        try
        {
            PlainFile.Check(path);
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1 << 16);
            var (end, digest) = First(stream, rows)
                ?? throw new OccamException($"'{path}' has fewer rows than the {rows} that the checkpoint knows of");
            stream.SetLength(end);
            stream.Seek(0, SeekOrigin.End);
            return new MetricsFile(stream, rows, digest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't write '{path}': {e.Reason()}", e);
        }
    }

    /// <summary>The digest of the first rows of a file; null where there are fewer whole ones.</summary>
    public static string? DigestOf(string path, long rows) => Beginning(path, rows)?.Digest;

    /// <summary>The digest of the first rows of a file, and whether others follow; null where there are fewer whole ones.</summary>
    public static (string Digest, bool HasMore)? Beginning(string path, long rows)
    {
        if (!File.Exists(path))
        {
            return rows == 0 ? (Convert.ToHexStringLower(new XxHash128().GetCurrentHash()), false) : null;
        }

        using var stream = CheckedLines.Open(path);
        if (First(stream, rows) is not var (end, digest))
        {
            return null;
        }

        stream.Position = end;
        return (Convert.ToHexStringLower(digest.GetCurrentHash()), CheckedLines.Of(stream).Any());
    }

    /// <summary>The whole rows of a file; a last one that is cut short, by a kill, is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="haveChecksums">Whether every row must have one.</param>
    /// <param name="damaged">Called with the reason for each damaged row, which is left out; where null, the first one is an error.</param>
    /// <exception cref="OccamException">A row is damaged.</exception>
    public static IEnumerable<Metric> Read(string path, bool haveChecksums, Action<string>? damaged = null) =>
        CheckedLines.Read<Metric>(path, haveChecksums, damaged);

    /// <summary>Writes a row; readers see it within a moment.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Append(Metric metric)
    {
        var line = CheckedLine.Write(metric);
        _stream.Write(line);
        _digest.Append(line);
        Rows++;
        if (Stopwatch.GetTimestamp() - _flushed > s_patience)
        {
            _stream.Flush();
            _flushed = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Has all rows on the disk.</summary>
    /// <exception cref="IOException">They can't be written.</exception>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk was reported already; rows after the last checkpoint come again when the run is resumed.
        }
    }

    // Where the first rows end, and their digest; null where there are fewer.
    private static (long End, XxHash128 Digest)? First(Stream stream, long rows)
    {
        var (buffer, digest, end) = (new byte[1 << 16], new XxHash128(), 0L);
        for (int read; rows > 0 && (read = stream.Read(buffer)) > 0;)
        {
            var taken = 0;
            while (rows > 0 && buffer.AsSpan(taken, read - taken).IndexOf((byte)'\n') is >= 0 and var next)
            {
                taken += next + 1;
                rows--;
            }

            taken = rows > 0 ? read : taken;
            digest.Append(buffer.AsSpan(0, taken));
            end += taken;
        }

        return rows > 0 ? null : (end, digest);
    }
}
