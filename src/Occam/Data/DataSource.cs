namespace Occam.Data;

/// <summary>Opens data by name or by file.</summary>
public static class DataSource
{
    private const int NamedImageClasses = 10;

    /// <summary>
    /// Opens a named set (<c>mnist:train</c>, <c>glyphs:test</c>; see <see cref="DataCatalogue.Specifications"/>) or a
    /// file: <c>.npz</c> with x and, where needed, y; <c>.npy</c>; idx images, whose labels are looked for beside them;
    /// a CIFAR-10 batch <c>.bin</c>; a table, <c>.csv</c> or <c>.parquet</c>; a <c>.tar</c> file as WebDataset has them, or a folder of
    /// these; or a folder of pictures, with a folder a class. Each file but <c>.parquet</c> and <c>.tar</c> may be gzipped.
    /// </summary>
    /// <param name="specification">The name or path.</param>
    /// <param name="options">Where to look, what to take, how to normalize.</param>
    /// <returns>
    /// The set, or the random subset that the options ask for; without examples whose labels are all <see cref="DataSet.Ignored"/>.
    /// </returns>
    /// <exception cref="OccamException">It is not found, or what is found is damaged, hostile or does not fit together.</exception>
    public static DataSet Open(string specification, DataOptions options)
    {
        var set = AnsweredDataSet.Of(OpenWhole(specification, options));
        return options.Limit is { } limit ? set.Subset(limit, options.Seed) : set;
    }

    /// <summary>Whether the files of a named set, or the file, are there; what is in them is not looked at.</summary>
    /// <param name="specification">The name or path, as for <see cref="Open"/>.</param>
    /// <param name="options">Where to look.</param>
    /// <exception cref="OccamException">The data root is not a folder.</exception>
    public static bool IsThere(string specification, DataOptions options)
    {
        if (File.Exists(specification) || TarShards.Is(specification) || PictureFolder.HasPictures(specification))
        {
            return true;
        }

        return specification.Split(':') is [string name, "train" or "test"]
            && (name == DataCatalogue.GlyphsName
                || (DataCatalogue.FindOrNull(name) is { } known
                    && DataLocator.For(options).FindOrNull(known, specification.EndsWith(":train", StringComparison.Ordinal)) is not null));
    }

    /// <summary>Reads the content of a file whose name tells the format; idx images get no labels.</summary>
    internal static DataSet ReadStream(Stream stream, string fileName, DataOptions options) =>
        DataFile.Read(stream, Message.Clean(fileName), options.MaximumBytes, file => ReadFile(file, fileName, null, options));

    private static DataSet OpenWhole(string specification, DataOptions options)
    {
        var parts = specification.Split(':');
        if (parts is [string name, "train" or "test"] && !File.Exists(specification))
        {
            return OpenNamed(name, parts[1] == "train", options);
        }

        if (TarShards.Is(specification))
        {
            return TarShards.Open(specification, options);
        }

        if (PictureFolder.HasPictures(specification))
        {
            return options.Label is null ? PictureFolder.Read(specification, options)
                : throw new OccamException($"{Message.Clean(specification)} is a folder of pictures, whose folders are the classes: leave "
                    + "out --label");
        }

        if (!File.Exists(specification))
        {
            throw new OccamException(NotFound(specification));
        }

        if (TableReader.IsTable(specification))
        {
            return TableDataSet.Read(specification, options);
        }

        CheckOptions(specification, options);
        if (LargeNumpyFile.TryOpen(specification, options) is { } large)
        {
            return large;
        }

        var labels = FormatOf(specification) == Format.Idx && LabelsFileOf(specification) is { } labelsPath
            ? DataFile.Read(labelsPath, options.MaximumBytes, IdxReader.ReadLabels)
            : null;
        return DataFile.Read(specification, options.MaximumBytes, file => ReadFile(file, specification, labels, options));
    }

    private static DataSet OpenNamed(string name, bool training, DataOptions options)
    {
        CheckOptions(name, options);
        if (name == DataCatalogue.GlyphsName)
        {
            return training ? Glyphs.OpenTrain(options.Normalization) : Glyphs.OpenTest(options.Normalization);
        }

        var known = DataCatalogue.FindOrNull(name)
            ?? throw new OccamException(
                $"there is no data set named '{Message.Clean(name)}'"
                    + $"{Nearest.Hint($"{name}:{(training ? "train" : "test")}", DataCatalogue.Specifications)} There are "
                        + $"{string.Join(", ", DataCatalogue.Specifications)}, and files");
        var title = $"{known.Name}:{(training ? "train" : "test")}";
        string[] paths = [.. DataLocator.For(options).Find(known, training).Select(found => found.Path)];
        var normalization = options.Normalization.Resolve(known.Normalization);
        return known.IsCifar
            ? ImageFiles.ReadCifar(title, paths, known.ExpectedCount(training), normalization, options.MaximumBytes)
            : ImageFiles.ReadIdx(title, paths[0], paths[1], NamedImageClasses, normalization, options.MaximumBytes);
    }

    private static void CheckOptions(string specification, DataOptions options)
    {
        if (options.Label is not null || options.PictureSize is not null)
        {
            throw new OccamException(options.Label is not null
                ? $"--label chooses a column of a table, and {Message.Clean(specification)} is none: leave it out"
                : $"--size is for pictures in a folder or a table, and {Message.Clean(specification)} is neither: leave it out");
        }
    }

    private static DataSet ReadFile(DataFile file, string path, int[]? labels, DataOptions options)
    {
        var name = Message.Clean(Path.GetFileName(path));
        switch (FormatOf(path))
        {
            case Format.Npz:
                return NumpyDataSet.ReadArchive(file, name, options.Normalization);
            case Format.Npy:
                return NumpyDataSet.ReadArray(file, name, options.Normalization);
            case Format.Cifar:
                var usual = options.Normalization.Resolve(DataCatalogue.Find("cifar10").Normalization);
                return ImageFiles.MakeCifar(name, file.Name, [CifarReader.ReadBatch(file)], null, usual);
            case Format.Idx:
                return ImageFiles.ReadIdx(name, file, labels, null, options.Normalization.Resolve(null));
            default:
                throw new OccamException(PictureFolder.IsPicture(path)
                    ? $"{file.Name} is one picture: give its folder, in which each folder is a class, or pictures lie alone"
                    : $"{file.Name} has a name that tells no format: give .npz, .npy, .csv, .parquet, .tar, .bin (CIFAR-10), a name with "
                        + "idx or ubyte in it, each with or without .gz, or a folder of pictures");
        }
    }

    /// <summary>The format that a file's name tells.</summary>
    internal static Format FormatOf(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        return Path.GetExtension(name) switch
        {
            ".npz" => Format.Npz,
            ".npy" => Format.Npy,
            ".bin" => Format.Cifar,
            _ => name.Contains("idx") || name.Contains("ubyte") ? Format.Idx : Format.Unknown,
        };
    }

    /// <summary>The file of labels that goes with a file of images by MNIST's naming, or null.</summary>
    private static string? LabelsFileOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = Path.GetFileName(path);
        var labels = name.Replace("images", "labels").Replace("idx3", "idx1");
        if (labels == name)
        {
            return null;
        }

        var bare = labels.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? labels[..^3] : labels;
        return new[] { labels, bare, bare + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string NotFound(string specification)
    {
        var given = Message.Clean(specification);
        if (specification == DataCatalogue.GlyphsName || DataCatalogue.FindOrNull(specification) is not null)
        {
            return $"{given} has two parts: expected {given}:train or {given}:test";
        }

        return Directory.Exists(specification)
            ? $"{given} is a folder without pictures: give a file in it, or a named set such as mnist:test and the folder as its root: "
                + "--data-root, or data.root in a configuration"
            : $"{given} is neither a file nor a named data set"
                + (given.Contains(':') ? Nearest.Hint(given, DataCatalogue.Specifications) : ".")
                + $" There are {string.Join(", ", DataCatalogue.Specifications)}";
    }

    /// <summary>The formats of files.</summary>
    internal enum Format
    {
        Unknown,
        Npz,
        Npy,
        Idx,
        Cifar,
    }
}
