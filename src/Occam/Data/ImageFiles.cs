namespace Occam.Data;

/// <summary>Makes image sets of idx and CIFAR-10 files.</summary>
internal static class ImageFiles
{
    private const int CifarClasses = 10;

    /// <summary>Reads an idx file of images and, where there is one, its file of labels.</summary>
    public static DataSet ReadIdx(string name, string path, string? labelsPath, int? classes, Normalization? normalization, long limit)
    {
        var labels = labelsPath is null ? null : DataFile.Read(labelsPath, limit, IdxReader.ReadLabels);
        if (classes is not null && labels?.Max() >= classes)
        {
            var wrong = Array.FindIndex(labels, label => label >= classes);
            throw new OccamException(
                $"{Message.Clean(labelsPath!)}: the label of image {wrong} is {labels[wrong]}; labels must be 0 to {classes - 1}");
        }

        return DataFile.Read(path, limit, file => ReadIdx(name, file, labels, classes, normalization));
    }

    /// <summary>Reads an idx file of images whose labels are at hand.</summary>
    public static DataSet ReadIdx(string name, DataFile file, int[]? labels, int? classes, Normalization? normalization)
    {
        (var pixels, var count, var rows, var columns) = IdxReader.ReadImages(file);
        var facts = new DataSetFacts(name, $"from {file.Name}", [1, rows, columns], count, labels, null)
        {
            KnownClasses = classes,
            Normalization = normalization,
        };
        return new ImageDataSet(facts, pixels);
    }

    /// <summary>Reads CIFAR-10 batches as one set.</summary>
    /// <param name="name">What to call the set.</param>
    /// <param name="paths">The batches.</param>
    /// <param name="expected">How many images the whole part has, which the description then tells; null if unknown.</param>
    /// <param name="normalization">The normalization.</param>
    /// <param name="limit">The most bytes that they may take together.</param>
    public static DataSet ReadCifar(string name, IReadOnlyList<string> paths, int? expected, Normalization? normalization, long limit)
    {
        List<(byte[] Pixels, int[] Labels)> batches = [];
        foreach (var path in paths)
        {
            batches.Add(DataFile.Read(path, limit, CifarReader.ReadBatch));
            limit -= batches[^1].Pixels.Length;
        }

        var source = paths.Count == 1 ? paths[0] : $"{paths.Count} batches in {Path.GetDirectoryName(paths[0])}";
        return MakeCifar(name, Message.Clean(source), batches, expected, normalization);
    }

    /// <summary>Makes one set of batches that have been read.</summary>
    public static DataSet MakeCifar(
        string name, string source, IReadOnlyList<(byte[] Pixels, int[] Labels)> batches, int? expected, Normalization? normalization)
    {
        int[] labels = [.. batches.SelectMany(batch => batch.Labels)];
        var pixels = batches.Count == 1 ? batches[0].Pixels : new byte[checked(labels.Length * CifarReader.ImageSize)];
        if (batches.Count > 1)
        {
            var start = 0;
            foreach ((var ofBatch, _) in batches)
            {
                ofBatch.CopyTo(pixels, start);
                start += ofBatch.Length;
            }
        }

        var facts = new DataSetFacts(name, $"from {source}", [3, 32, 32], labels.Length, labels, null)
        {
            KnownClasses = CifarClasses,
            WholeCount = expected,
            Normalization = normalization,
        };
        return new ImageDataSet(facts, pixels);
    }
}
