using System.IO.Compression;
using Occam.Data;
using Occam.Tests.Data;

namespace Occam.Fuzz.Families;

/// <summary>Arrays and images: NumPy's files, idx, CIFAR-10's, packed or not.</summary>
internal sealed class ArchiveFamily : Family
{
    private static readonly byte[] s_x = NumpyBytes.Npy("<f8", "4, 3", NumpyBytes.Doubles(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    private static readonly byte[] s_y = NumpyBytes.Npy("<i8", "4,", NumpyBytes.Longs(0, 1, 2, 1));

    private static readonly (string Name, byte[] Content)[] s_sound =
    [
        ("stored.npz", NumpyBytes.Npz(s_x, s_y)),
        ("packed.npz", NumpyBytes.Npz(s_x, s_y, CompressionLevel.Optimal)),
        ("twice.npz.gz", NumpyBytes.Gzip(NumpyBytes.Npz(s_x, s_y))),
        ("array.npy", s_x),
        ("fortran.npy.gz", NumpyBytes.Gzip(
            NumpyBytes.Npy(">f4", "2, 2, 2", NumpyBytes.Floats(1, 2, 3, 4, 5, 6, 7, 8), fortran: true, version: 3))),
        ("images-idx3-ubyte", ImageBytes.IdxImages(5)),
        ("images-idx3-ubyte.gz", NumpyBytes.Gzip(ImageBytes.IdxImages(5))),
        ("batch.bin", ImageBytes.Cifar(1, 2)),
        ("batch.bin.gz", NumpyBytes.Gzip(ImageBytes.Cifar(1, 2))),
    ];

    public override string Name => "arrays";

    public override int Share => 280;

    public override void Try(SeededRandom random, string folder)
    {
        var (name, content) = s_sound[random.NextInt(s_sound.Length)];

        // What is packed is spoiled inside, too: else its checksum hides what readers do.
        byte[] spoiled = random.NextInt(2) == 0 || !name.EndsWith(".npz", StringComparison.Ordinal)
            ? Bytes.Spoil(content, random)
            : random.NextInt(2) == 0
                ? NumpyBytes.Npz(Bytes.Spoil(s_x, random), s_y, CompressionLevel.Optimal)
                : NumpyBytes.Npz(s_x, Bytes.Spoil(s_y, random));
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, spoiled);
        var set = DataSource.Open(path, new DataOptions());
        set.CopyInputs([0], new float[set.ExampleSize]);
        if (name.StartsWith("packed", StringComparison.Ordinal))
        {
            NpzFile.Read(path);
        }
    }
}
