using System.Collections.Immutable;
using System.IO.Compression;

namespace Occam.Data;

/// <summary>Named arrays in NumPy's archives: <c>.npz</c>, as <c>numpy.savez</c> writes them and <c>numpy.load</c> reads them.</summary>
public static class NpzFile
{
    /// <summary>The name that a file of a single array, <c>.npy</c>, gives it.</summary>
    public const string OnlyArray = "x";

    private const string Ending = ".npy";
    private const long DefaultLimit = 8L << 30;

    /// <summary>The names of a file's arrays; the one of an <c>.npy</c> file is x.</summary>
    /// <exception cref="OccamException">The file is not there, or no archive.</exception>
    public static ImmutableArray<string> Names(string path) => Open<ImmutableArray<string>>(
        path, DefaultLimit, _ => [OnlyArray], (_, archive) => [.. archive.Entries.Select(NameOf)]);

    /// <summary>Reads arrays of an archive, each in its own type; an <c>.npy</c> file is one array by the name of x.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="names">The arrays that are read; all of them when null.</param>
    /// <param name="maximumBytes">The most bytes that an array may take, unpacked.</param>
    /// <returns>The arrays by name.</returns>
    /// <exception cref="OccamException">The file is not there, damaged, hostile, or holds what is no array of numbers.</exception>
    public static ImmutableDictionary<string, NumberArray> Read(
        string path, IReadOnlyCollection<string>? names = null, long maximumBytes = DefaultLimit) => Open(
        path,
        maximumBytes,
        file => ImmutableDictionary<string, NumberArray>.Empty.Add(OnlyArray, ReadArray(file)),
        (file, archive) => ReadEntries(file, archive.Entries.Where(entry => names?.Contains(NameOf(entry)) ?? true)));

    /// <summary>Writes arrays into an archive, which is written whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <exception cref="OccamException">The file can't be written there.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NumberArray>> arrays) => AtomicFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            using var entry = archive.CreateEntry(name + Ending, CompressionLevel.NoCompression).Open();
            NpyWriter.Write(entry, array);
        }
    });

    private static T Open<T>(string path, long limit, Func<DataFile, T> array, Func<DataFile, ZipArchive, T> archive) =>
        DataFile.Read(path, limit, file =>
        {
            switch (DataSource.FormatOf(path))
            {
                case DataSource.Format.Npy:
                    return array(file);
                case DataSource.Format.Npz:
                    using (var opened = OpenArchive(file))
                    {
                        return archive(file, opened);
                    }

                default:
                    throw new OccamException($"{file.Name} has a name that tells no arrays: expected .npz, or .npy for a single one");
            }
        });

    private static ZipArchive OpenArchive(DataFile file)
    {
        try
        {
            return new ZipArchive(file.Seekable(), ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException error)
        {
            throw new OccamException($"{file.Name} is not a zip archive, as .npz files are, or it is truncated", error);
        }
    }

    private static ImmutableDictionary<string, NumberArray> ReadEntries(DataFile file, IEnumerable<ZipArchiveEntry> entries)
    {
        file.Take(entries.Select(entry => entry.Length));
        var arrays = ImmutableDictionary.CreateBuilder<string, NumberArray>();
        foreach (var entry in entries)
        {
            var name = NameOf(entry);
            var title = $"{file.Name}: array {Message.Clean(name)}";
            if (entry.IsEncrypted || arrays.ContainsKey(name))
            {
                throw new OccamException(
                    $"{title} is {(entry.IsEncrypted ? "encrypted" : "there more than once")}; save the file anew with numpy.savez");
            }

            var packed = Math.Min(entry.CompressedLength, file.Length);
            using var content = new Crc32Stream(entry.Open(), entry.Crc32);
            arrays[name] = ReadArray(new DataFile(content, title, entry.Length, packed, file.Limit));
        }

        return arrays.ToImmutable();
    }

    private static string NameOf(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(Ending, StringComparison.Ordinal) ? entry.FullName[..^Ending.Length] : entry.FullName;

    private static NumberArray ReadArray(DataFile file)
    {
        var header = NpyHeader.Read(file);
        return new NumberArray(NpyReader.ReadElements(file, header), header.Shape);
    }
}
