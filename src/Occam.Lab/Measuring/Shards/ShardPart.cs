using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Occam.Lab.Measuring.Shards;

/// <summary>
/// What was measured of a shard: the values by example of every pass over its data, batch by batch. Its file is a line of JSON, the
/// <see cref="ShardHeader"/>, the values in binary, and a digest of all that.
/// </summary>
internal sealed class ShardPart
{
    private const int LongestHeader = 1 << 20;

    internal ShardPart(ShardHeader header, IReadOnlyDictionary<(string Pass, int Start), double[][]> values, string path)
    {
        Header = header;
        Values = values;
        FilePath = path;
    }

    /// <summary>Its file.</summary>
    public string FilePath { get; }

    /// <summary>What it has in common with the other parts.</summary>
    public ShardIdentity Identity => Header.Identity;

    /// <summary>Which shard it is, from 1.</summary>
    public int Number => Header.Shard;

    /// <summary>The number of its first example, and how many they are.</summary>
    public (int First, int Count) Examples => (Header.First, Header.Count);

    /// <summary>The processor that computed it.</summary>
    public string Processor => Header.Processor;

    /// <summary>The folder in which the files of the identity's arguments are.</summary>
    public string Folder => Header.Folder;

    /// <summary>Whether it is whole.</summary>
    public bool IsComplete => Header.IsComplete;

    internal ShardHeader Header { get; }

    internal IReadOnlyDictionary<(string Pass, int Start), double[][]> Values { get; }

    /// <summary>Reads a part.</summary>
    /// <exception cref="OccamException">It isn't there, is no part, or is damaged.</exception>
    public static ShardPart Read(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            if (TrailingDigest.OfArchives.Check(file) != true)
            {
                throw new InvalidDataException("it is no part, or is damaged: its digest does not agree");
            }

            var header = JsonSerializer.Deserialize(Line(file), ShardHeaderContext.Default.ShardHeader)
                ?? throw new InvalidDataException("it is no part");
            if (!IsWhole(header))
            {
                throw new InvalidDataException("its first line lacks what a part has");
            }

            if (header.Part != ShardHeader.Version)
            {
                throw new InvalidDataException($"it is in version {header.Part} of the format, and this Occam reads {ShardHeader.Version}");
            }

            return new ShardPart(header, ReadValues(file, header), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            throw new OccamException($"the part '{path}' can't be read: {e.Reason()}", e);
        }
    }

    /// <summary>Writes the part, whole or not at all.</summary>
    /// <exception cref="OccamException">It can't be written there.</exception>
    internal void Write() => AtomicFile.Write(FilePath, stream =>
    {
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(Header, ShardHeaderContext.Default.ShardHeader));
        stream.WriteByte((byte)'\n');
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Values.Count);
            foreach (var ((pass, start), columns) in Values)
            {
                writer.Write(pass);
                writer.Write(start);
                writer.Write(columns.Length);
                foreach (var column in columns)
                {
                    writer.Write(column.Length);
                    writer.Write(MemoryMarshal.AsBytes(column.AsSpan()));
                }
            }
        }

        TrailingDigest.OfArchives.Write(stream);
    });

    // The serializer fills in null where the line says null.
    private static bool IsWhole(ShardHeader header) =>
        header is { Processor: not null, Folder: not null, Shard: > 0, First: >= 0, Identity.Arguments: { } arguments }
        && !arguments.Contains(null!) && header.Shard <= header.Identity.Shards && header.Identity.Shards <= ShardPlace.Most;

    private static Dictionary<(string Pass, int Start), double[][]> ReadValues(Stream file, ShardHeader header)
    {
        using var buffered = new BufferedStream(file, 1 << 18);
        using var reader = new BinaryReader(buffered, Encoding.UTF8);
        var values = new Dictionary<(string Pass, int Start), double[][]>();
        var widths = new Dictionary<string, int>();
        try
        {
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var (pass, start) = (reader.ReadString(), reader.ReadInt32());
                var columns = new double[Count(buffered, sizeof(int), reader.ReadInt32())][];
                for (var i = 0; i < columns.Length; i++)
                {
                    columns[i] = new double[Count(buffered, sizeof(double), reader.ReadInt32())];
                    reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(columns[i].AsSpan()));
                }

                // A pass gives each of its batches as many columns.
                if (start < header.First || start - header.First >= header.Count
                    || columns.Length != (widths.TryGetValue(pass, out var width) ? width : widths[pass] = columns.Length))
                {
                    throw new InvalidDataException($"it is damaged: its numbers from example {start:N0} on are not those of its shard");
                }

                values[(pass, start)] = columns;
            }
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("it is damaged: the length of a text in it is none", e);
        }

        return values;
    }

    // No more is made room for than the rest of the file can hold.
    private static int Count(Stream file, int size, int count) => count >= 0 && count <= (file.Length - file.Position) / size ? count
        : throw new InvalidDataException("it is damaged: it says that it holds more than it can");

    private static byte[] Line(Stream file)
    {
        var line = new List<byte>();
        for (var next = file.ReadByte(); next != '\n'; next = file.ReadByte())
        {
            if (next < 0 || line.Count == LongestHeader)
            {
                throw new InvalidDataException("it is no part");
            }

            line.Add((byte)next);
        }

        return [.. line];
    }
}
