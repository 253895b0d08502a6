using System.Collections.Immutable;
using System.IO.Compression;

namespace Occam.Data;

/// <summary>
/// Makes data sets of NumPy's files: <c>.npz</c> archives with the inputs in the array x and, in y, class labels
/// (whole numbers) or targets (floating numbers); and single <c>.npy</c> arrays of inputs. The first index counts the
/// examples. Numbers are taken as they are stored; bytes are not scaled.
/// </summary>
internal static class NumpyDataSet
{
    private const int MostNamesListed = 8;

    /// <summary>
    /// Reads an archive: y, and the inputs, which are the array x or, without one, the first other. What more there is and has
    /// as many rows are further inputs; where another index than the first counts as many, as in states of an LSTM, that is taken.
    /// </summary>
    public static DataSet ReadArchive(DataFile file, string name, NormalizationChoice normalization)
    {
        using var archive = OpenArchive(file);
        file.Take(archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)).Select(entry => entry.Length));
        var answers = ReadEntry(archive, file, "y", file.Limit, ReadAnswers) ?? Answers.None;
        string[] arrays =
        [
            .. archive.Entries.Select(entry => entry.FullName).Where(entry => entry.EndsWith(".npy", StringComparison.Ordinal))
                .Select(entry => entry[..^4]).Where(array => array != "y").Distinct(),
        ];
        if (arrays.Length == 0)
        {
            throw new OccamException(
                $"{file.Name} holds no array of inputs, "
                    + $"{(archive.Entries.Count == 0 ? "for it is empty" : "only " + Names(archive))}: "
                    + "save it with numpy.savez(path, x=inputs, y=labels)");
        }

        var main = arrays.Contains("x") ? "x" : arrays[0];
        var others = arrays.Where(array => array != main)
            .Select(array => (array, Data: ReadOther(archive, file, array, name)))
            .Where(other => other.Data is not null)
            .ToImmutableDictionary(other => other.array, other => other.Data!);
        return ReadEntry(
            archive, file, main, file.Limit - answers.Bytes,
            entry => ReadInputs(entry, name, file.Name, answers, normalization, main, others))!;
    }

    // An array that can't be an input (text, objects) may be there for other programs; a network that wants it says what it misses.
    private static DataSet? ReadOther(ZipArchive archive, DataFile file, string array, string name)
    {
        try
        {
            return ReadEntry(archive, file, array, file.Limit, entry =>
            {
                var header = NpyHeader.Read(entry);
                // A single number is one for all examples, for an input that is one.
                var count = header.Shape.Length == 0 ? 1 : header.Shape[0];
                var facts = new DataSetFacts($"{name}: {array}", $"from {file.Name}", ExampleShape(header), count, null, null)
                {
                    MayBeInfinite = true,
                };
                return Store(entry, header, facts);
            });
        }
        catch (OccamException)
        {
            return null;
        }
    }

    /// <summary>Reads a single array of inputs.</summary>
    public static DataSet ReadArray(DataFile file, string name, NormalizationChoice normalization) =>
        ReadInputs(file, name, file.Name, Answers.None, normalization, "x", ImmutableDictionary<string, DataSet>.Empty);

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

    private static T? ReadEntry<T>(ZipArchive archive, DataFile file, string array, long limit, Func<DataFile, T> read) where T : class
    {
        ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => entry.FullName == array + ".npy")];
        if (entries.Length == 0)
        {
            return null;
        }

        var name = $"{file.Name}: array {array}";
        if (entries.Length > 1 || entries[0].IsEncrypted)
        {
            throw new OccamException(
                $"{name} is {(entries.Length > 1 ? "there more than once" : "encrypted")}; save the file anew with numpy.savez");
        }

        var packed = Math.Min(entries[0].CompressedLength, file.Length);
        using var content = new Crc32Stream(entries[0].Open(), entries[0].Crc32);
        return read(new DataFile(content, name, entries[0].Length, packed, limit));
    }

    /// <summary>Reads the labels or targets.</summary>
    internal static Answers ReadAnswers(DataFile file)
    {
        var header = NpyHeader.Read(file);
        if (header.Shape.Length == 0)
        {
            throw new OccamException($"{file.Name} is a single number; its first index must count the examples");
        }

        if (!header.IsInteger)
        {
            return new(null, NpyReader.ReadElements<double>(file, header), header.Shape);
        }

        var byPosition = header.Shape.Skip(1).Any(dimension => dimension != 1);
        var labels = NpyReader.ReadElements<long>(file, header);
        var wrong = Array.FindIndex(
            labels, label => label is < 0 or > DataSetFacts.LargestLabel && !(byPosition && label == DataSet.Ignored));
        if (wrong >= 0)
        {
            var example = wrong / (labels.Length / Math.Max(header.Shape[0], 1));
            throw new OccamException($"{file.Name}: {(byPosition ? "a" : "the")} label of example {example} is {labels[wrong]}; labels "
                + $"must be 0 to {DataSetFacts.LargestLabel}"
                + (byPosition ? $", or {DataSet.Ignored} where a position doesn't count" : ""));
        }

        return new(Array.ConvertAll(labels, label => (int)label), null, header.Shape);
    }

    private static DataSet ReadInputs(
        DataFile file, string name, string source, Answers answers, NormalizationChoice normalization, string array,
        ImmutableDictionary<string, DataSet> others)
    {
        var header = NpyHeader.Read(file);
        if (header.Shape.Length == 0)
        {
            throw new OccamException($"{file.Name} is a single number; its first index must count the examples");
        }

        CheckAnswers(source, array, header, answers);
        var count = header.Shape[0];
        (others, var turned) = ExamplesFirst.Of(others, count);

        return Store(file, header, new DataSetFacts(
            name, $"from {source}{turned}", ExampleShape(header), count, answers.HasPositions ? null : answers.Labels, answers.Targets)
        {
            Normalization = normalization.Resolve(null),
            PositionLabels = answers.HasPositions ? answers.Labels : null,
            PositionShape = answers.HasPositions ? answers.Shape![1..] : [],
            Others = others,
            ArrayName = array,
        });
    }

    /// <summary>Checks that there are as many answers as examples.</summary>
    internal static void CheckAnswers(string source, string array, NpyHeader header, Answers answers)
    {
        if (answers.Shape is { } shape && shape[0] != header.Shape[0])
        {
            throw new OccamException($"{source}: {array} has {Message.Number(header.Shape[0])} examples but y has "
                + $"{Message.Number(shape[0])}; each example needs one");
        }
    }

    /// <summary>The shape of one example.</summary>
    internal static int[] ExampleShape(NpyHeader header) => header.Shape.Length <= 1 ? [1] : header.Shape[1..];

    /// <summary>The elements, in the smallest type that holds every value exactly; 64-bit integers are rounded to doubles.</summary>
    internal static DataSet Store(DataFile file, NpyHeader header, DataSetFacts facts) => (header.Kind, header.ElementSize) switch
    {
        ('b' or 'u', 1) => new ArrayDataSet<byte>(facts, NpyReader.ReadElements<byte>(file, header)),
        _ when header.IsWide => new ArrayDataSet<double>(facts, NpyReader.ReadElements<double>(file, header)),
        _ => new ArrayDataSet<float>(facts, NpyReader.ReadElements<float>(file, header)),
    };

    private static string Names(ZipArchive archive) => archive.Entries.Count == 0
        ? "nothing"
        : string.Join(", ", archive.Entries.Take(MostNamesListed).Select(entry => Message.Clean(entry.FullName)))
            + (archive.Entries.Count > MostNamesListed ? ", …" : "");

    /// <summary>What y holds, and its shape.</summary>
    internal sealed record Answers(int[]? Labels, double[]? Targets, int[]? Shape)
    {
        public static Answers None { get; } = new(null, null, null);

        public bool HasPositions => Labels is not null && Shape!.Skip(1).Any(size => size != 1);

        public long Bytes => ((Labels?.Length * 4L) ?? 0) + ((Targets?.Length * 8L) ?? 0);
    }
}
