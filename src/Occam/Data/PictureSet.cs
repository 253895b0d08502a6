namespace Occam.Data;

/// <summary>Pictures of one size, one after the other, that become a data set: grey where all of them are, else in colour.</summary>
internal sealed class PictureSet(DataOptions options)
{
    private readonly List<Picture> _pictures = [];
    private string _first = "";
    private long _bytes;

    /// <summary>Decodes the next picture.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="OccamException">It is damaged, of another size than the first, or one too many for the memory allowed.</exception>
    public void Add(byte[] bytes, string name)
    {
        var picture = Picture.Decode(bytes, name, options.PictureSize);
        if (_pictures.Count == 0)
        {
            _first = name;
        }
        else if ((picture.Height, picture.Width) != (_pictures[0].Height, _pictures[0].Width))
        {
            throw new OccamException($"{name} is {picture.Height}×{picture.Width}, and {_first} "
                + $"{_pictures[0].Height}×{_pictures[0].Width}: pictures of one size are expected, or "
                + "--size HEIGHTxWIDTH, to which all are resized");
        }

        _bytes += picture.Pixels.Length;
        _pictures.Add(picture);
        if (_bytes > Math.Min(options.MaximumBytes, Array.MaxLength))
        {
            throw new OccamException($"{name} brings the pictures to {Message.Bytes(_bytes)}, more than the limit of "
                + $"{Message.Bytes(Math.Min(options.MaximumBytes, Array.MaxLength))}: give fewer, or smaller ones by --size");
        }
    }

    /// <summary>The set of all of them.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="source">Where it is from, for the description.</param>
    /// <param name="labels">A class each; null where there are none.</param>
    /// <param name="classes">What the classes are called; null where the labels are all there is.</param>
    /// <param name="targets">Real targets; null where there are none.</param>
    /// <param name="among">The channels of a larger set of which these are some: 1 or 3; by the pictures when null.</param>
    public DataSet ToSet(string name, string source, int[]? labels, string[]? classes, double[]? targets, int? among = null)
    {
        var channels = among ?? _pictures.Max(picture => picture.Channels);
        if (_pictures.Any(picture => picture.Channels > channels))
        {
            throw new OccamException($"{name} has pictures in colour behind grey ones: make all of one kind");
        }

        var (height, width) = (_pictures[0].Height, _pictures[0].Width);
        var facts = new DataSetFacts(
            name,
            source + (options.PictureSize is { } size ? $", resized to {size}" : ""),
            [channels, height, width],
            _pictures.Count,
            labels,
            targets)
        {
            KnownClasses = classes?.Length,
            ClassNames = classes ?? [],
            Normalization = options.Normalization.Resolve(null),
        };
        var size1 = (long)channels * height * width;
        if (size1 * _pictures.Count > Math.Min(options.MaximumBytes, Array.MaxLength))
        {
            throw new OccamException($"{name} would take {Message.Bytes(size1 * _pictures.Count)} in colour, more than the limit of "
                + $"{Message.Bytes(Math.Min(options.MaximumBytes, Array.MaxLength))}: give fewer pictures, or smaller ones by --size");
        }

        var pixels = new byte[size1 * _pictures.Count];
        for (var i = 0; i < _pictures.Count; i++)
        {
            (channels == 3 ? _pictures[i].InColour() : _pictures[i]).Pixels.CopyTo(pixels, i * size1);
        }

        return new ImageDataSet(facts, pixels);
    }
}
