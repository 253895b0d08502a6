using System.Text.Json;
using Occam.Training;

namespace Occam.Lab.Runs.Store;

/// <summary>Follows the metrics of a run while they are written, each row read once. Nothing here writes.</summary>
/// <param name="folder">The run's folder.</param>
/// <remarks>For one thread at a time.</remarks>
public sealed class MetricTail(string folder)
{
    private const int MostAtOnce = 4 << 20;

    private readonly string _path = Path.Combine(folder, RunFolder.MetricsName);
    private byte[] _lastLine = [];

    /// <summary>The bytes of the file that were read.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Reads whole rows that were written since, up to some megabytes of them: there may be more as long as there are any. Damaged ones
    /// are left out.
    /// </summary>
    /// <param name="isAnew">
    /// Whether the rows are those from the first on, since what was read before isn't there any more: a run that is resumed cuts off what
    /// it wrote after its checkpoint.
    /// </param>
    /// <exception cref="OccamException">The file can't be read.</exception>
    public IReadOnlyList<Metric> Next(out bool isAnew)
    {
        isAnew = false;
        try
        {
            if (!File.Exists(_path))
            {
                isAnew = Position > 0;
                (Position, _lastLine) = (0, []);
                return [];
            }

            using var stream = PlainFile.Open(_path, FileShare.ReadWrite | FileShare.Delete, buffer: 1);
            if (!IsContinued(stream))
            {
                isAnew = true;
                (Position, _lastLine) = (0, []);
            }

            return Rows(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't read '{_path}': {e.Reason()}", e);
        }
    }

    // Whether the last line that was read is still where it was.
    private bool IsContinued(FileStream stream)
    {
        if (stream.Length < Position)
        {
            return false;
        }

        var there = new byte[_lastLine.Length];
        stream.Position = Position - there.Length;
        var read = stream.ReadAtLeast(there, there.Length, throwOnEndOfStream: false);
        return read == there.Length && there.AsSpan().SequenceEqual(_lastLine);
    }

    private List<Metric> Rows(FileStream stream)
    {
        var rows = new List<Metric>();
        var buffer = new byte[Math.Min(MostAtOnce, stream.Length - Position)];
        stream.Position = Position;
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var whole = buffer.AsSpan(0, buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1);
        if (whole.IsEmpty)
        {
            return rows;
        }

        foreach (var range in whole[..^1].Split((byte)'\n'))
        {
            try
            {
                rows.Add(CheckedLine.Read<Metric>(whole[range], hasChecksum: false));
            }
            catch (JsonException)
            {
                // 'occam runs check' tells of it.
            }
        }

        _lastLine = whole[(whole[..^1].LastIndexOf((byte)'\n') + 1)..].ToArray();
        Position += whole.Length;
        return rows;
    }
}
