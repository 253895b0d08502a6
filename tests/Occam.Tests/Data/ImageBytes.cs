using System.Buffers.Binary;

namespace Occam.Tests.Data;

/// <summary>Writes idx files and CIFAR-10 batches.</summary>
internal static class ImageBytes
{
    public static byte[] Idx(int magic, int[] dimensions, byte[] bytes) => [.. Int32(magic), .. dimensions.SelectMany(Int32), .. bytes];

    /// <summary>So many images of 2×3 pixels; pixel p of image i is 10 i + p.</summary>
    public static byte[] IdxImages(int count) =>
        Idx(2051, [count, 2, 3], [.. from i in Enumerable.Range(0, count) from p in Enumerable.Range(0, 6) select (byte)((10 * i) + p)]);

    public static byte[] IdxLabels(params byte[] labels) => Idx(2049, [labels.Length], labels);

    /// <summary>One record a label: red all 51, green all 102, blue all 255.</summary>
    public static byte[] Cifar(params byte[] labels) =>
        [.. labels.SelectMany(label => (byte[])[
            label, .. Enumerable.Repeat((byte)51, 1024), .. Enumerable.Repeat((byte)102, 1024), .. Enumerable.Repeat((byte)255, 1024),
        ])];

    private static byte[] Int32(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
