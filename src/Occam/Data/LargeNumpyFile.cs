using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Occam.Data;

/// <summary>
/// NumPy's files whose inputs are too many to be held: <c>.npy</c>, and <c>.npz</c> as savez writes it, not packed. Examples are read from
/// their places as they are asked for; labels and targets are held.
/// </summary>
internal static class LargeNumpyFile
{
    private const int BlockBytes = 4 << 20;

    /// <summary>Opens a file; null where it is small, or can only be read as a whole.</summary>
    /// <exception cref="OccamException">It is damaged.</exception>
    public static DataSet? TryOpen(string path, DataOptions options)
    {
        var format = DataSource.FormatOf(path);
        if (format is not (DataSource.Format.Npy or DataSource.Format.Npz) || new FileInfo(path).Length <= options.MostInMemory
            || path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var title = Message.Clean(path);
        var handle = File.OpenHandle(path);
        var length = RandomAccess.GetLength(handle);
        if (format == DataSource.Format.Npy)
        {
            return Open(new Entry(handle, title, 0, length), title, NumpyDataSet.Answers.None, "x", [], options);
        }

        var entries = ZipContents.StoredEntries(new FileSlice(handle, 0, length));
        string[] arrays = [.. entries.Keys.Where(name => name.EndsWith(".npy", StringComparison.Ordinal)).Select(name => name[..^4])];
        string[] inputs = [.. arrays.Where(array => array != "y")];
        if (inputs.Length == 0)
        {
            return null;
        }

        var main = inputs.Contains("x") ? "x" : inputs[0];
        Entry Of(string array) => new(handle, $"{title}: array {array}", entries[array + ".npy"].Offset, entries[array + ".npy"].Length);
        var answers = arrays.Contains("y") ? NumpyDataSet.ReadAnswers(Of("y").Open(options.MaximumBytes)) : NumpyDataSet.Answers.None;
        return Open(Of(main), title, answers, main, [.. inputs.Where(array => array != main).Select(array => (array, Of(array)))], options);
    }

    private static BlockedDataSet? Open(
        Entry entry, string title, NumpyDataSet.Answers answers, string array, ImmutableArray<(string Name, Entry Entry)> others,
        DataOptions options)
    {
        if (Layout(entry) is not { } layout)
        {
            return null;
        }

        var (header, offset) = layout;
        NumpyDataSet.CheckAnswers(title, array, header, answers);
        var facts = new DataSetFacts(
            Path.GetFileName(title), $"from {title}, read as needed", NumpyDataSet.ExampleShape(header), header.Shape[0],
            answers.HasPositions ? null : answers.Labels, answers.Targets)
        {
            Normalization = options.Normalization.Resolve(null),
            PositionLabels = answers.HasPositions ? answers.Labels : null,
            PositionShape = answers.HasPositions ? answers.Shape![1..] : [],
            Others = others.Select(other => (other.Name, Data: Other(other.Entry, other.Name, title)))
                .Where(other => other.Data is not null).ToImmutableDictionary(other => other.Name, DataSet (other) => other.Data!),
            ArrayName = array,
        };
        return Blocks(entry, header, offset, facts);
    }

    private static BlockedDataSet? Other(Entry entry, string name, string title) =>
        Layout(entry) is not var (header, offset) || header.Shape.Length == 0 ? null : Blocks(entry, header, offset, new DataSetFacts(
            $"{Path.GetFileName(title)}: {name}", $"from {title}", NumpyDataSet.ExampleShape(header), header.Shape[0], null, null)
        {
            MayBeInfinite = true,
        });

    // The header, and where the elements begin; null where a row isn't in one place.
    private static (NpyHeader Header, long Offset)? Layout(Entry entry)
    {
        var file = entry.Open(long.MaxValue);
        var header = NpyHeader.Read(file, long.MaxValue);
        if (header.Shape.Length == 0 || (header.IsFortranOrder && header.Shape.Length > 1))
        {
            return null;
        }

        var (held, declared) = (entry.Length - file.Position, header.Elements * header.ElementSize);
        return held == declared ? (header, entry.Offset + file.Position) : throw NpyReader.WrongLength(file, header, held, declared);
    }

    private static BlockedDataSet Blocks(Entry entry, NpyHeader header, long offset, DataSetFacts facts)
    {
        var row = header.Elements / header.Shape[0] * header.ElementSize;
        var size = (int)Math.Clamp(BlockBytes / Math.Max(row, 1), 1, header.Shape[0]);
        return new BlockedDataSet(
            facts,
            BlockedDataSet.Even(header.Shape[0], size),
            (first, count) => Read(new Entry(entry.Handle, entry.Title, offset + (first * row), count * row), header, first, count, facts),
            isImage: false);
    }

    private static DataSet Read(Entry entry, NpyHeader header, int first, int count, DataSetFacts facts) => NumpyDataSet.Store(
        entry.Open(long.MaxValue),
        header.WithRows(count),
        new DataSetFacts(facts.Name, facts.Source, facts.Shape, count, null, null)
        {
            Normalization = facts.Normalization,
            MayBeInfinite = facts.MayBeInfinite,
            FirstNumber = first,
        });

    /// <summary>An array's bytes in the file.</summary>
    private sealed record Entry(SafeFileHandle Handle, string Title, long Offset, long Length)
    {
        public DataFile Open(long limit) => new(new FileSlice(Handle, Offset, Length), Title, Length, Length, limit);
    }
}
