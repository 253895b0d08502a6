using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Occam.Training;

namespace Occam.Lab.Runs.TensorBoard;

/// <summary>
/// A run's metrics as TensorBoard reads them: records of a length, its checksum, an event, its checksum. A resumed run
/// begins a new file, which has TensorBoard forget what an older one says of later steps.
/// </summary>
internal sealed class TensorBoardFile : IDisposable
{
    private const string Version = "brain.Event:2";
    private const int MostDigits = 11;
    private const string Prefix = "events.out.tfevents.";
    private static readonly long s_patience = Stopwatch.Frequency / 2;

    private readonly FileStream _stream;
    private long _flushed;

    private TensorBoardFile(FileStream stream) => _stream = stream;

    /// <summary>Begins a file in a folder, which is made where it isn't there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="step">Steps taken before.</param>
    /// <exception cref="OccamException">It can't be written.</exception>
    public static TensorBoardFile Create(string folder, long step)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var name = $"{Prefix}{NextSecond(folder):D10}.{Environment.MachineName}.{Environment.ProcessId}";

            // A process may have another's number, within the same second too.
            var free = Enumerable.Range(0, int.MaxValue)
                .Select(i => Path.Combine(folder, i == 0 ? name : $"{name}.{i}"))
                .First(path => !File.Exists(path));
            var file = new TensorBoardFile(new FileStream(free, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
            file.Write(new Event { FileVersion = Version });
            file.Write(new Event { Step = step, SessionLog = new SessionLog { Status = SessionLog.Types.Status.Start } });
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"can't write to '{folder}': {e.Reason()}", e);
        }
    }

    /// <summary>Writes a metric as a scalar.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void Write(Metric metric)
    {
        try
        {
            Write(new Event
            {
                Step = metric.Step,
                Summary = new Summary { Value = { new Summary.Types.Value { Tag = metric.Name, SimpleValue = (float)metric.Value } } },
            });
            if (Stopwatch.GetTimestamp() - _flushed > s_patience)
            {
                _stream.Flush();
                _flushed = Stopwatch.GetTimestamp();
            }
        }
        catch (IOException e)
        {
            throw new OccamException($"can't write '{_stream.Name}': {e.Reason()}", e);
        }
    }

    /// <summary>Has all events on the disk.</summary>
    /// <exception cref="OccamException">They can't be written.</exception>
    public void Flush()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new OccamException($"can't write '{_stream.Name}': {e.Reason()}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk was reported already, and the run's own metrics are what counts.
        }
    }

    // TensorBoard reads the files in the order of their names: a later file's is greater, whatever the clock says meanwhile.
    private static long NextSecond(string folder) => Directory.EnumerateFiles(folder, $"{Prefix}*")
        .Select(path => Path.GetFileName(path)[Prefix.Length..].Split('.')[0])
        .Where(second => second.Length <= MostDigits)
        .Select(second => long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last + 1 : 0)
        .Append(DateTimeOffset.UtcNow.ToUnixTimeSeconds())
        .Max();

    private void Write(Event what)
    {
        what.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var content = what.ToByteArray();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        _stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc32C.Of(length));
        _stream.Write(checksum);
        _stream.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc32C.Of(content));
        _stream.Write(checksum);
    }
}
