namespace Occam.Data;

/// <summary>
/// Reads CIFAR-10's binary batches (Krizhevsky 2009): records of 3,073 bytes, a label and then the red, green and
/// blue planes of a 32×32 image, each row by row.
/// </summary>
internal static class CifarReader
{
    /// <summary>Channels × rows × columns.</summary>
    public const int ImageSize = 3 * 32 * 32;

    private const int RecordSize = 1 + ImageSize;
    private const int Classes = 10;

    /// <summary>Reads the pixels and labels of one batch.</summary>
    public static (byte[] Pixels, int[] Labels) ReadBatch(DataFile file)
    {
        (var count, var rest) = long.DivRem(file.Length, RecordSize);
        if (rest != 0 || count == 0 || count > Array.MaxLength / ImageSize)
        {
            throw new OccamException(
                $"{file.Name} has {Message.Number(file.Length)} bytes, which are not whole CIFAR-10 records of "
                    + $"{Message.Number(RecordSize)}: it is truncated, empty, or another format");
        }

        var pixels = new byte[count * ImageSize];
        var labels = new int[count];
        Span<byte> label = stackalloc byte[1];
        for (var i = 0; i < labels.Length; i++)
        {
            file.ReadExactly(label);
            if (label[0] >= Classes)
            {
                throw new OccamException($"{file.Name}: the label of image {i} is {label[0]}; CIFAR-10's labels are 0 to "
                    + $"{Classes - 1}: it is damaged, or another format");
            }

            labels[i] = label[0];
            file.ReadExactly(pixels.AsSpan(i * ImageSize, ImageSize));
        }

        file.ExpectEnd();
        return (pixels, labels);
    }
}
