using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Occam.Training;

/// <summary>
/// Named arrays in one file: a zip of NumPy arrays, which <c>numpy.load</c> reads. A state written twice is the same
/// file, byte for byte.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class StateArchive
{
    private const int HeaderLength = 128;
    private const string Extension = ".npy";
    private static readonly string[] s_types = ["<f4", "<f8", "<i4", "<i8", "<u8", "|u1"];
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, (string Type, byte[] Bytes)> _arrays = new(StringComparer.Ordinal);

    /// <summary>The names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>Keeps an array under a name; one of that name is replaced.</summary>
    public void Write<T>(string name, T[] values)
        where T : unmanaged => _arrays[name] = (TypeOf<T>(), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>Keeps a text under a name.</summary>
    public void WriteText(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>The array of a name.</summary>
    /// <exception cref="OccamException">There is none, or it holds another type.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        if (!_arrays.TryGetValue(name, out var stored) || stored.Type != TypeOf<T>())
        {
            throw new OccamException(
                $"the checkpoint has no '{PrintableText.Short(name)}' of {typeof(T).Name}: it is of another network, or of another "
                    + "version");
        }

        return MemoryMarshal.Cast<byte, T>(stored.Bytes).ToArray();
    }

    /// <summary>The array of a name, which must have so many numbers.</summary>
    /// <exception cref="OccamException">There is none, or it holds another type, or another count of numbers.</exception>
    internal T[] Read<T>(string name, long count)
        where T : unmanaged
    {
        var values = Read<T>(name);
        return values.Length == count ? values : throw new OccamException(
            $"the checkpoint has {values.Length} numbers as '{PrintableText.Short(name)}', which takes {count}: it is of another network, "
                + "or of another version");
    }

    /// <summary>Says of an array that what it holds can't be.</summary>
    internal static OccamException Refused(string name, string why) =>
        new($"the checkpoint's '{PrintableText.Short(name)}' is damaged: {why}");

    /// <summary>Whether an array has neither NaN nor infinities.</summary>
    internal bool IsFinite(string name) => _arrays[name] switch
    {
        ("<f4", var bytes) => TensorPrimitives.IsFiniteAll<float>(MemoryMarshal.Cast<byte, float>(bytes)),
        ("<f8", var bytes) => TensorPrimitives.IsFiniteAll<double>(MemoryMarshal.Cast<byte, double>(bytes)),
        _ => true,
    };

    /// <summary>Whether an array has a number below zero.</summary>
    internal bool HasNegative(string name) => _arrays[name] switch
    {
        (_, { Length: 0 }) => false,
        ("<f4", var bytes) => TensorPrimitives.MinNumber<float>(MemoryMarshal.Cast<byte, float>(bytes)) < 0,
        ("<f8", var bytes) => TensorPrimitives.MinNumber<double>(MemoryMarshal.Cast<byte, double>(bytes)) < 0,
        _ => false,
    };

    /// <summary>The text of a name.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public string ReadText(string name) => Encoding.UTF8.GetString(Read<byte>(name));

    /// <summary>Writes the file, whole or not at all, with a digest of its bytes at its end.</summary>
    /// <exception cref="OccamException">It can't be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true) { Comment = TrailingDigest.OfArchives.Placeholder })
        {
            foreach (var (name, (type, bytes)) in _arrays)
            {
                var entry = zip.CreateEntry(name + Extension, CompressionLevel.NoCompression);
                entry.LastWriteTime = s_time;
                using var content = entry.Open();
                content.Write(Header(type, bytes.Length / int.Parse(type.AsSpan(2))));
                content.Write(bytes);
            }
        }

        stream.Position = stream.Length - TrailingDigest.OfArchives.Length;
        TrailingDigest.OfArchives.Write(stream);
    });

    /// <summary>Reads a file. Its digest is checked, or in files of older versions, which have none, each array's checksum.</summary>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    public static StateArchive Load(string path) => Load(path, needsDigest: false);

    /// <summary>The same, where a file without a digest may be refused: what wrote it is known to have given it one.</summary>
    /// <exception cref="OccamException">It isn't there, or is damaged.</exception>
    internal static StateArchive Load(string path, bool needsDigest)
    {
        try
        {
            // Unbuffered: arrays are read into their own memory.
            using var file = PlainFile.Open(path, buffer: 0);
            return Read(file, needsDigest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException
            or NotSupportedException or OverflowException)
        {
            throw new OccamException($"can't read the checkpoint '{path}': {e.Reason()}", e);
        }
    }

    private static StateArchive Read(FileStream file, bool needsDigest)
    {
        var check = TrailingDigest.OfArchives.CheckBeside(file);
        List<Stored> arrays = [];
        ExceptionDispatchInfo? failure = null;
        var comment = "";
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            comment = zip.Comment;
            var left = file.Length;
            foreach (var entry in zip.Entries)
            {
                // They are stored as they are: what unpacks to more than the file is none of ours.
                arrays.Add(Read(entry, left));
                left -= entry.Length;
            }
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        // What is wrong with a damaged file is that it is damaged, whatever came of reading it.
        var isWhole = check.GetAwaiter().GetResult();
        if (isWhole == false)
        {
            throw new InvalidDataException("it is damaged: its digest does not agree");
        }

        failure?.Throw();
        if (isWhole is null && needsDigest)
        {
            throw new InvalidDataException("it is damaged: it has no digest, which every checkpoint of this run has");
        }

        if (isWhole is null && comment.Length > 0)
        {
            throw new InvalidDataException("it is damaged at its end");
        }

        var archive = new StateArchive();
        foreach (var array in arrays)
        {
            if (isWhole is null)
            {
                array.CheckSum();
            }

            if (!archive._arrays.TryAdd(array.Name[..^Extension.Length], (array.Type, array.Bytes)))
            {
                throw new InvalidDataException($"it is damaged: it has the array '{PrintableText.Short(array.Name)}' twice");
            }
        }

        return archive;
    }

    private static Stored Read(ZipArchiveEntry entry, long most)
    {
        // A parameter's name may have slashes: they are part of it, no folders.
        if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"it is damaged: '{PrintableText.Short(entry.FullName)}' is no array");
        }

        if (entry.Length < HeaderLength || entry.Length > most)
        {
            throw new InvalidDataException(
                $"the array '{PrintableText.Short(entry.FullName)}' is damaged: its length is {entry.Length}");
        }

        using var content = entry.Open();
        var (header, bytes) = (new byte[HeaderLength], new byte[checked((int)entry.Length - HeaderLength)]);
        content.ReadExactly(header);
        content.ReadExactly(bytes);
        return new Stored(entry.FullName, header, bytes, entry.Crc32);
    }

    // Version 1.0 of the format: a magic, the length of what follows, and a Python dictionary padded with spaces.
    private static byte[] Header(string type, int count)
    {
        var header = new byte[HeaderLength];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), HeaderLength - 10);
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({count},), }}", header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static string TypeOf<T>() => default(T) switch
    {
        float => "<f4",
        double => "<f8",
        int => "<i4",
        long => "<i8",
        ulong => "<u8",
        byte => "|u1",
        _ => throw new NotSupportedException($"arrays of {typeof(T).Name} are not kept"),
    };

    /// <summary>An array as an entry of the file.</summary>
    private sealed record Stored(string Name, byte[] Header, byte[] Bytes, uint Checksum)
    {
        /// <summary>NumPy's name of the elements' type.</summary>
        /// <exception cref="InvalidDataException">It is of another.</exception>
        public string Type
        {
            get
            {
                var header = Encoding.ASCII.GetString(Header);
                var type = s_types.FirstOrDefault(type => header.Contains($"'descr': '{type}'", StringComparison.Ordinal))
                    ?? throw new InvalidDataException($"the array '{PrintableText.Short(Name)}' is of a type that is not kept here");
                return Bytes.Length % int.Parse(type.AsSpan(2)) == 0
                    ? type
                    : throw new InvalidDataException($"the array '{PrintableText.Short(Name)}' is damaged: it ends within a number");
            }
        }

        /// <summary>Compares the CRC-32 of what was read with the entry's.</summary>
        /// <exception cref="InvalidDataException">They are different.</exception>
        public void CheckSum()
        {
            var found = new Crc32();
            found.Append(Header);
            found.Append(Bytes);
            if (found.GetCurrentHashAsUInt32() != Checksum)
            {
                throw new InvalidDataException($"the array '{PrintableText.Short(Name)}' is damaged: its checksum does not agree");
            }
        }
    }
}
