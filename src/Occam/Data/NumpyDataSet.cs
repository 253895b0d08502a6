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

    /// <summary>Reads an archive.</summary>
    public static DataSet ReadArchive(DataFile file, string name, NormalizationChoice normalization)
    {
        using var archive = OpenArchive(file);
        Answers answers = ReadEntry(archive, file, "y", file.Limit, ReadAnswers) ?? new(null, null, null);
        var left = file.Limit - ((answers.Labels?.Length * 4L) ?? 0) - ((answers.Targets?.Length * 8L) ?? 0);
        return ReadEntry(archive, file, "x", left, entry => ReadInputs(entry, name, file.Name, answers, normalization))
            ?? throw new OccamException(
                $"{file.Name} holds no array x, only {Names(archive)}: save it with numpy.savez(path, x=inputs, y=labels)");
    }

    /// <summary>Reads a single array of inputs.</summary>
    public static DataSet ReadArray(DataFile file, string name, NormalizationChoice normalization) =>
        ReadInputs(file, name, file.Name, new(null, null, null), normalization);

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

    private static Answers ReadAnswers(DataFile file)
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

        if (header.Shape.Skip(1).Any(dimension => dimension != 1))
        {
            throw new OccamException(
                $"{file.Name} holds whole numbers of shape {Message.Shape(header.Shape)}; give one class number for each example (not "
                    + "one-hot), or floating targets");
        }

        var labels = NpyReader.ReadElements<long>(file, header);
        var wrong = Array.FindIndex(labels, label => label is < 0 or > DataSetFacts.LargestLabel);
        return wrong < 0
            ? new(Array.ConvertAll(labels, label => (int)label), null, header.Shape)
            : throw new OccamException(
                $"{file.Name}: the label of example {wrong} is {labels[wrong]}; labels must be 0 to {DataSetFacts.LargestLabel}");
    }

    private static DataSet ReadInputs(DataFile file, string name, string source, Answers answers, NormalizationChoice normalization)
    {
        var header = NpyHeader.Read(file);
        if (header.Shape.Length == 0)
        {
            throw new OccamException($"{file.Name} is a single number; its first index must count the examples");
        }

        var count = header.Shape[0];
        if (answers.Shape is { } shape && shape[0] != count)
        {
            throw new OccamException(
                $"{source}: x has {Message.Number(count)} examples but y has {Message.Number(shape[0])}; each example needs one");
        }

        var exampleShape = header.Shape.Length == 1 ? [1] : header.Shape[1..];
        var facts = new DataSetFacts(name, $"from {source}", exampleShape, count, answers.Labels, answers.Targets)
        {
            Normalization = normalization.Resolve(null),
        };

        // The smallest type that holds every value exactly; 64-bit integers are rounded to doubles.
        return (header.Kind, header.ElementSize) switch
        {
            ('b' or 'u', 1) => new ArrayDataSet<byte>(facts, NpyReader.ReadElements<byte>(file, header)),
            ('f', <= 4) or (_, <= 2) => new ArrayDataSet<float>(facts, NpyReader.ReadElements<float>(file, header)),
            _ => new ArrayDataSet<double>(facts, NpyReader.ReadElements<double>(file, header)),
        };
    }

    private static string Names(ZipArchive archive) => archive.Entries.Count == 0
        ? "nothing"
        : string.Join(", ", archive.Entries.Take(MostNamesListed).Select(entry => Message.Clean(entry.FullName)))
            + (archive.Entries.Count > MostNamesListed ? ", …" : "");

    /// <summary>What y holds, and its shape.</summary>
    private sealed record Answers(int[]? Labels, double[]? Targets, int[]? Shape);
}
