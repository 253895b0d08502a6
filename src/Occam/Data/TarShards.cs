using System.Formats.Tar;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Occam.Data;

/// <summary>
/// Data in tar files, as WebDataset lays them out: the files of an example lie one after the other and have one name up to the first dot;
/// <c>.npy</c> is its input, or a picture (<c>.png</c>, <c>.jpg</c>), and <c>.cls</c> its class, a whole number as text. Only the
/// classes, and where each input lies, are held; inputs are read as they are asked for.
/// </summary>
internal static class TarShards
{
    private const int SeenForColour = 16;
    private const int LongestClass = 32;
    private const string Ending = ".tar";

    /// <summary>Whether this is a tar file, or a folder of them.</summary>
    public static bool Is(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? File.Exists(path)
        : Directory.Exists(path) && Directory.EnumerateFiles(path, "*" + Ending).Any();

    /// <summary>Opens them.</summary>
    /// <exception cref="OccamException">One is damaged, or an example has no input, two, or no class where others have one.</exception>
    public static DataSet Open(string path, DataOptions options)
    {
        string[] files = File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path, "*" + Ending).Order(StringComparer.Ordinal)];
        var index = new Index();
        foreach (var file in files)
        {
            index.Add(file);
        }

        return index.ToSet(path, files, options);
    }

    /// <summary>Where the inputs lie, and the classes.</summary>
    private sealed class Index
    {
        private readonly List<SafeFileHandle> _handles = [];
        private readonly List<(int File, int Length, long Offset)> _inputs = [];
        private readonly List<int> _labels = [];
        private string _title = "";
        private string _key = "";
        private int? _label;
        private bool _isPicture;
        private long _left;
        private int _seen;

        public void Add(string path)
        {
            _title = Message.Clean(path);
            try
            {
                using var stream = PlainFile.Open(path);
                if (LfsPointer.Told(stream) is { } pointer)
                {
                    throw new OccamException($"{_title} {pointer}");
                }

                using var reader = new TarReader(stream);
                var before = _inputs.Count;
                while (reader.GetNextEntry() is { } entry)
                {
                    if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    {
                        Add(entry, before);
                    }
                }

                End(before);
                _handles.Add(File.OpenHandle(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
            {
                throw new OccamException($"{_title} can't be read as a tar file: {Message.Clean(e.Message)}", e);
            }
        }

        public DataSet ToSet(string path, string[] files, DataOptions options)
        {
            if (_inputs.Count == 0)
            {
                throw new OccamException(
                    $"{Message.Clean(path)} holds no examples: expected files such as 000.npy or 000.png, and 000.cls");
            }

            var name = Message.Clean(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
            var source = $"from {Message.Clean(path)}" + (files.Length > 1 ? $", {Message.Number(files.Length)} tar files" : "")
                + ", read as needed" + (_left > 0 ? $", {Message.Number(_left)} other files left out" : "");
            int[]? labels = _labels.Count == 0 ? null : [.. _labels];
            var first = _isPicture ? null : HeaderOf(0);
            var channels = _isPicture
                ? ReadPictures(0, Math.Min(SeenForColour, _inputs.Count), name, source, options, null).ExampleShape[0]
                : 0;
            int[] shape = first is null
                ? [.. ReadPictures(0, 1, name, source, options, channels).ExampleShape]
                : first.Shape.Length == 0 ? [1] : first.Shape;
            var facts = new DataSetFacts(name, source, shape, _inputs.Count, labels, null)
            {
                Normalization = options.Normalization.Resolve(null),
            };
            return new BlockedDataSet(
                facts,
                BlockedDataSet.Even(_inputs.Count, 1),
                (start, count) => first is null
                    ? ReadPictures(start, count, name, source, options, channels)
                    : ReadArrays(start, count, first, facts),
                isImage: first is null);
        }

        private void Add(TarEntry entry, int before)
        {
            var folder = Path.GetDirectoryName(entry.Name) ?? "";
            var file = Path.GetFileName(entry.Name);
            var dot = file.IndexOf('.');
            if (dot < 1)
            {
                _left++;
                return;
            }

            var key = $"{folder}/{file[..dot]}";
            if (key != _key)
            {
                End(before);
                _key = key;
            }

            var ending = Path.GetExtension(file).ToLowerInvariant();
            var isPicture = ending is ".png" or ".jpg" or ".jpeg";
            if (ending == ".npy" || isPicture)
            {
                if (_inputs.Count > 0 && isPicture != _isPicture)
                {
                    throw new OccamException($"{_title}: {Message.Clean(entry.Name)} is {(isPicture ? "a picture" : "an array")}, and "
                        + "those before are not: expected one kind of inputs");
                }

                if (entry.Length is 0 or > int.MaxValue)
                {
                    throw new OccamException(
                        $"{_title}: {Message.Clean(entry.Name)} has {Message.Bytes(entry.Length)}, which can't be an input");
                }

                _isPicture = isPicture;
                _seen++;
                _inputs.Add((_handles.Count, (int)entry.Length, entry.DataOffset));
            }
            else if (ending == ".cls")
            {
                _label = LabelOf(entry);
            }
            else
            {
                _left++;
            }
        }

        private int LabelOf(TarEntry entry)
        {
            using var reader = new StreamReader(entry.DataStream ?? Stream.Null);
            var text = new char[LongestClass];
            var length = reader.ReadBlock(text, 0, text.Length);
            return int.TryParse(text.AsSpan(0, length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var label) ? label
                : throw new OccamException($"{_title}: {Message.Clean(entry.Name)} holds '{Message.Clean(new string(text, 0, length))}': "
                    + "expected the class as a whole number");
        }

        // Ends an example: it has one input, and a class if any has.
        private void End(int before)
        {
            if (_seen != 1 && (_seen > 1 || _label is not null))
            {
                throw new OccamException($"{_title}: the example '{Message.Clean(_key)}' has {(_seen == 0 ? "no" : "more than one")} "
                    + "input: expected one .npy, .png or .jpg file in each");
            }

            if (_seen == 1)
            {
                if (_label is null ? _labels.Count > 0 : _labels.Count < _inputs.Count - 1)
                {
                    throw new OccamException($"{_title}: the example '{Message.Clean(_key)}' has {(_label is null ? "no" : "a")} class, "
                        + $"and those before have {(_label is null ? "one" : "none")}: expected a .cls file in each or in none");
                }

                if (_label is { } label)
                {
                    _labels.Add(label);
                }
            }

            (_seen, _label, _key) = (0, null, "");
        }

        private DataFile FileOf(int example)
        {
            var (file, length, offset) = _inputs[example];
            var slice = new FileSlice(_handles[file], offset, length);
            return new DataFile(slice, $"input {Message.Number(example)}", length, length, length * 8L);
        }

        private NpyHeader HeaderOf(int example) => NpyHeader.Read(FileOf(example));

        private DataSet ReadPictures(int start, int count, string name, string source, DataOptions options, int? channels)
        {
            var pictures = new PictureSet(options);
            for (var i = start; i < start + count; i++)
            {
                pictures.Add(FileOf(i).ReadToEnd(), $"{name}: the picture of example {Message.Number(i)}");
            }

            return pictures.ToSet(name, source, null, null, null, channels);
        }

        private DataSet ReadArrays(int start, int count, NpyHeader first, DataSetFacts whole)
        {
            var facts = new DataSetFacts(whole.Name, whole.Source, whole.Shape, count, null, null)
            {
                Normalization = whole.Normalization,
                FirstNumber = start,
            };
            return first.IsWide
                ? new ArrayDataSet<double>(facts, ReadArrays<double>(start, count, first))
                : new ArrayDataSet<float>(facts, ReadArrays<float>(start, count, first));
        }

        private T[] ReadArrays<T>(int start, int count, NpyHeader first) where T : unmanaged, System.Numerics.INumber<T>
        {
            var all = new T[checked(count * first.Count)];
            for (var i = 0; i < count; i++)
            {
                var file = FileOf(start + i);
                var header = NpyHeader.Read(file);
                if (!header.Shape.SequenceEqual(first.Shape) || header.IsWide != first.IsWide)
                {
                    throw new OccamException($"example {Message.Number(start + i)} has the shape ({Message.Shape(header.Shape)}) or a type "
                        + $"other than the first one's, ({Message.Shape(first.Shape)}): expected inputs of one shape and type");
                }

                NpyReader.ReadElements<T>(file, header).CopyTo(all, i * first.Count);
            }

            return all;
        }
    }
}
