using System.Buffers.Binary;
using System.IO.Compression;

namespace Occam.Data;

/// <summary>
/// A file that is read once from its beginning, unpacked on the way where it is gzipped. How long it is unpacked is
/// known, and held to limits, before a byte is taken, so that a reader can compare its header's claims with the
/// length and allocate what they ask for: a small hostile file can't make it allocate much.
/// </summary>
internal sealed class DataFile
{
    /// <summary>DEFLATE can't pack better than 1032 to 1; what claims more is a lie.</summary>
    private const long LargestRatio = 1100;

    /// <summary>What a header and the like may add to the ratio, for files of a few bytes.</summary>
    private const long RatioAllowance = 1024;

    /// <summary>A gzip stream is at least its header of 10 bytes, 2 of data and its trailer of 8.</summary>
    private const int SmallestGzip = 20;

    private readonly Stream _content;

    /// <summary>Wraps a stream that holds so many bytes unpacked, packed into so many, after checking both.</summary>
    /// <exception cref="OccamException">It would be larger than the limit, or can't be packed like that.</exception>
    public DataFile(Stream content, string name, long length, long packedLength, long limit)
    {
        _content = content;
        Name = name;
        Length = length;
        Limit = limit;
        if (length > (packedLength * LargestRatio) + RatioAllowance)
        {
            throw new OccamException($"{name} claims to unpack {Message.Bytes(packedLength)} to {Message.Bytes(length)}, which can't be: "
                + "it is damaged or hostile");
        }

        if (length > limit)
        {
            throw new OccamException(
                $"{name} unpacks to {Message.Bytes(length)}, more than the limit of {Message.Bytes(limit)}: give a smaller file, or "
                    + Remedy);
        }
    }

    /// <summary>What raises the limit.</summary>
    public const string Remedy = $"a larger --memory (in C#, {nameof(FileAllowance)}) if you trust it";

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The number of bytes, unpacked.</summary>
    public long Length { get; }

    /// <summary>The most bytes that may be allocated for what the file holds.</summary>
    public long Limit { get; }

    /// <summary>The number of bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file, reads it with <paramref name="read"/>, and makes every failure one line.</summary>
    /// <exception cref="OccamException">The file can't be opened or holds what it shouldn't.</exception>
    public static T Read<T>(string path, long limit, Func<DataFile, T> read)
    {
        var name = Message.Clean(path);
        using var stream = Open(path, name);
        return Read(stream, name, Math.Min(limit, FileAllowance.Of(PlainFile.AllocatedBytes(path))), read);
    }

    /// <summary>Reads a seekable stream as <see cref="Read{T}(string, long, Func{DataFile, T})"/> does a file.</summary>
    public static T Read<T>(Stream stream, string name, long limit, Func<DataFile, T> read)
    {
        try
        {
            limit = Math.Min(limit, FileAllowance.Of(stream.Length));
            if (LfsPointer.Told(stream) is { } pointer)
            {
                throw new OccamException($"{name} {pointer}");
            }

            if (!IsGzip(stream))
            {
                return read(new DataFile(stream, name, stream.Length, stream.Length, limit));
            }

            var length = UnpackedLength(stream, name);
            using var unpacked = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return read(new DataFile(unpacked, name, length, stream.Length, limit));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or NotSupportedException or OutOfMemoryException)
        {
            throw Unreadable(name, error);
        }
    }

    /// <summary>Fills the destination with the next bytes.</summary>
    /// <exception cref="OccamException">The file ends before.</exception>
    public void ReadExactly(Span<byte> destination)
    {
        var read = _content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < destination.Length)
        {
            throw new OccamException(
                $"{Name} ends after {Message.Number(Position)} bytes, where {Message.Number(Length)} were expected: it is truncated");
        }
    }

    /// <summary>Checks the lengths of the parts that are about to be unpacked: together they may be no more than the limit.</summary>
    /// <exception cref="OccamException">They would be more.</exception>
    public void Take(IEnumerable<long> lengths)
    {
        var all = lengths.Aggregate((Int128)0, (sum, length) => sum + length);
        if (all > Limit)
        {
            throw new OccamException($"{Name} unpacks to {Message.Bytes((long)Int128.Min(all, long.MaxValue))}, more than the limit of "
                + $"{Message.Bytes(Limit)}: give a smaller file, or {Remedy}");
        }
    }

    /// <summary>Checks that all has been read. This is also where a packed file's checksum is compared.</summary>
    /// <exception cref="OccamException">There is more.</exception>
    public void ExpectEnd()
    {
        Span<byte> beyond = stackalloc byte[1];
        if (_content.Read(beyond) > 0 || Position != Length)
        {
            throw new OccamException(
                $"{Name} does not end after {Message.Number(Position)} bytes as it should: it is damaged, or something follows its data");
        }
    }

    /// <summary>Reads all that is left into memory.</summary>
    /// <exception cref="OccamException">It is too much for one array.</exception>
    public byte[] ReadToEnd()
    {
        var left = Length - Position;
        if (left > Array.MaxLength)
        {
            throw new OccamException($"{Name} unpacks to {Message.Bytes(left)}, too much to unpack in memory: unpack the file first");
        }

        var bytes = new byte[left];
        ReadExactly(bytes);
        ExpectEnd();
        return bytes;
    }

    /// <summary>The bytes as a stream that can be searched: the file itself, or its unpacked copy in memory.</summary>
    public Stream Seekable() => _content.CanSeek ? _content : new MemoryStream(ReadToEnd(), writable: false);

    private static FileStream Open(string path, string name)
    {
        try
        {
            return PlainFile.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(name, error);
        }
    }

    private static bool IsGzip(Stream stream)
    {
        Span<byte> start = stackalloc byte[2];
        stream.Position = 0;
        var packed = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
        stream.Position = 0;
        return packed;
    }

    /// <summary>
    /// A gzip stream ends with its unpacked length modulo 2³². What follows it, a second member, or a missing end make
    /// these bytes differ from the true length, which <see cref="ExpectEnd"/> and <see cref="ReadExactly"/> find.
    /// </summary>
    private static long UnpackedLength(Stream stream, string name)
    {
        if (stream.Length < SmallestGzip)
        {
            throw new OccamException($"{name} starts as a gzip file but ends after {stream.Length} bytes: it is truncated");
        }

        Span<byte> end = stackalloc byte[4];
        stream.Position = stream.Length - 4;
        stream.ReadExactly(end);
        stream.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(end);
    }

    private static OccamException Unreadable(string name, Exception error)
    {
        var reason = error switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file",
            UnauthorizedAccessException => "it is a folder, or reading it is not permitted",
            EndOfStreamException => "it is truncated",
            OutOfMemoryException => "it does not fit into memory",
            InvalidDataException => "it is damaged (" + Message.Clean(error.Message) + ")",
            _ => Message.Clean(error.Message),
        };
        return new OccamException($"{name} can't be read: {reason}", error);
    }
}
