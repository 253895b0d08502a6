using System.Buffers.Binary;

namespace Occam.Data;

/// <summary>
/// Reads the idx format of MNIST (LeCun, Cortes, Burges): a big-endian int32 magic number, the dimensions as
/// big-endian int32, then one unsigned byte for each entry, row by row.
/// </summary>
internal static class IdxReader
{
    private const int ImagesMagic = 2051;
    private const int LabelsMagic = 2049;

    /// <summary>Reads images; the dimensions are count, rows, columns.</summary>
    public static (byte[] Pixels, int Count, int Rows, int Columns) ReadImages(DataFile file)
    {
        var dimensions = ReadHeader(file, ImagesMagic, "images", 3);
        return (ReadBytes(file, dimensions), dimensions[0], dimensions[1], dimensions[2]);
    }

    /// <summary>Reads labels, a byte each.</summary>
    public static int[] ReadLabels(DataFile file)
    {
        var dimensions = ReadHeader(file, LabelsMagic, "labels", 1);
        return Array.ConvertAll(ReadBytes(file, dimensions), label => (int)label);
    }

    private static int[] ReadHeader(DataFile file, int magic, string what, int rank)
    {
        var found = ReadInt32(file);
        if (found != magic)
        {
            var hint = found switch
            {
                LabelsMagic => ", the one of labels: give the file of images",
                ImagesMagic => ", the one of images: give the file of labels",
                _ => "",
            };
            throw new OccamException($"{file.Name} is not an idx file of {what}: its magic number is {found}, expected {magic}{hint}");
        }

        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = ReadInt32(file);
            if (dimensions[i] <= 0)
            {
                throw new OccamException($"{file.Name}: dimension {i} in its idx header is {dimensions[i]}; it must be at least 1");
            }
        }

        return dimensions;
    }

    private static byte[] ReadBytes(DataFile file, int[] dimensions)
    {
        var declared = dimensions.Aggregate((Int128)1, (product, dimension) => product * dimension);
        var held = file.Length - file.Position;
        if (declared != held)
        {
            throw new OccamException(
                $"{file.Name} has {Message.Number(held)} bytes after its header, which declares {Message.Shape(dimensions)} = "
                    + $"{declared}: it is truncated or damaged");
        }

        return file.ReadToEnd();
    }

    private static int ReadInt32(DataFile file)
    {
        Span<byte> bytes = stackalloc byte[4];
        file.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
