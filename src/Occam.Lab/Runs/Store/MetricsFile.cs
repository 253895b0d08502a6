using System.Diagnostics;
using System.Text.Json;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary><c>metrics.jsonl</c>: a row a metric, in the order of seeing them.</summary>
internal sealed class MetricsFile : IDisposable
{
    private static readonly long s_patience = Stopwatch.Frequency / 10;

    private readonly FileStream _stream;
    private long _flushed;

    private MetricsFile(FileStream stream, long rows)
    {
        _stream = stream;
        Rows = rows;
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Opens a file for writing after its first rows; what follows them is cut off.</summary>
    /// <exception cref="OccamException">It has fewer rows, or can't be written.</exception>
    public static MetricsFile Continue(string path, long rows)
    {
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1 << 16);
            stream.SetLength(EndOf(stream, rows));
            stream.Seek(0, SeekOrigin.End);
            return new MetricsFile(stream, rows);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't write '{path}': {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }

    /// <summary>Whole rows of a file.</summary>
    public static long Count(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var stream = OpenForReading(path);
        var (buffer, rows) = (new byte[1 << 16], 0L);
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return rows;
    }

    /// <summary>The whole rows of a file; a last one that is cut short, by a kill, is left out.</summary>
    public static IEnumerable<Metric> Read(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var reader = new StreamReader(OpenForReading(path));
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            Metric metric;
            try
            {
                metric = RunJson.OfRuns.Read<Metric>(System.Text.Encoding.UTF8.GetBytes(line));
            }
            catch (JsonException e)
            {
                if (reader.Peek() < 0)
                {
                    yield break;
                }

                throw new OccamException($"'{path}' is damaged in line {number}: {e.Message}", e);
            }

            yield return metric;
        }
    }

    /// <summary>Writes a row; readers see it within a moment.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Append(Metric metric)
    {
        _stream.Write(RunJson.OfRuns.Line(metric));
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

    private static FileStream OpenForReading(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);

    private static long EndOf(FileStream stream, long rows)
    {
        for (int value; rows > 0; rows -= value == '\n' ? 1 : 0)
        {
            value = stream.ReadByte();
            if (value < 0)
            {
                throw new OccamException($"'{stream.Name}' has {rows} rows fewer than the checkpoint knows of");
            }
        }

        return stream.Position;
    }
}
