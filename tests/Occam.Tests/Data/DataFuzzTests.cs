using System.IO.Compression;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>Damages valid files in thousands of ways: each is read, or refused in one line, within bounded memory.</summary>
public sealed class DataFuzzTests
{
    private const int Mutations = 3_000;

    /// <summary>What the samples below may be unpacked to, by the ratio that DEFLATE allows, and the readers' own needs.</summary>
    private const long AllocationLimit = 32 << 20;

    private static readonly byte[] X = NumpyBytes.Npy("<f8", "4, 3", NumpyBytes.Doubles(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    private static readonly byte[] Y = NumpyBytes.Npy("<i8", "4,", NumpyBytes.Longs(0, 1, 2, 1));

    public static TheoryData<string, byte[]> Samples => new()
    {
        { "stored.npz", NumpyBytes.Npz(X, Y) },
        { "packed.npz", NumpyBytes.Npz(X, Y, CompressionLevel.Optimal) },
        { "twice.npz.gz", NumpyBytes.Gzip(NumpyBytes.Npz(X, Y)) },
        { "array.npy", X },
        { "fortran.npy.gz", NumpyBytes.Gzip(
            NumpyBytes.Npy(">f4", "2, 2, 2", NumpyBytes.Floats(1, 2, 3, 4, 5, 6, 7, 8), fortran: true, version: 3)) },
        { "images-idx3-ubyte", ImageBytes.IdxImages(5) },
        { "images-idx3-ubyte.gz", NumpyBytes.Gzip(ImageBytes.IdxImages(5)) },
        { "batch.bin", ImageBytes.Cifar(1, 2) },
        { "batch.bin.gz", NumpyBytes.Gzip(ImageBytes.Cifar(1, 2)) },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Damaged_files_are_read_or_refused_in_one_line(string name, byte[] valid)
    {
        Assert.True(Reading.Read(name, valid).Count > 0);
        SeededRandom random = new(name.Length);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = Damage(valid, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                DataSet set = Reading.Read(name, damaged);
                Assert.All(Reading.Inputs(set), input => Assert.True(double.IsFinite(input)));
            }
            catch (OccamException error)
            {
                refused++;
                Assert.DoesNotContain('\n', error.Message);
                Assert.InRange(error.Message.Length, 10, 1_000);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void Every_format_has_a_sample_whose_ending_is_told()
    {
        string[] names = [.. Samples.Select(row => row.Data.Item1)];
        var missing = Enum.GetValues<DataSource.Format>().Except([DataSource.Format.Unknown, .. names.Select(DataSource.FormatOf)]);
        Assert.True(!missing.Any(), $"give DataFuzzTests.Samples a valid file of {string.Join(", ", missing)}");

        string refusal = Assert.Throws<OccamException>(() => Reading.Read("a.name", X)).Message;
        var untold = names.Select(name => Path.GetExtension(name.Replace(".gz", ""))).Where(ending => !refusal.Contains(ending));
        Assert.True(!untold.Any(), $"DataSource doesn't say {string.Join(", ", untold)} where a name tells no format: name it there");
    }

    [Fact]
    public void Damaged_label_files_are_read_or_refused()
    {
        byte[] valid = ImageBytes.IdxLabels(1, 2, 3, 4, 5);
        SeededRandom random = new(11);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = Damage(valid, random);
            Exception? error = Record.Exception(() => DataFile.Read(new MemoryStream(damaged), "labels", 1 << 20, IdxReader.ReadLabels));
            Assert.True(error is null or OccamException, error?.ToString());
        }
    }

    /// <summary>One to four changes: a bit, a byte, a run of equal bytes, a number's extremes, a cut, an insertion, a repetition.</summary>
    private static byte[] Damage(byte[] valid, SeededRandom random)
    {
        List<byte> bytes = [.. valid];
        for (int changes = 1 + random.NextInt(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int place = random.NextInt(bytes.Count), run = Math.Min(1 + random.NextInt(8), bytes.Count - place);
            switch (random.NextInt(7))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.NextInt(256);
                    break;
                case 2:
                    byte extreme = (byte)(random.NextInt(2) * 255);
                    for (int i = place; i < place + run; i++)
                    {
                        bytes[i] = extreme;
                    }

                    break;
                case 3:
                    bytes.RemoveRange(place, random.NextInt(4) == 0 ? bytes.Count - place : run);
                    break;
                case 4:
                    bytes.InsertRange(place, Enumerable.Range(0, run).Select(_ => (byte)random.NextInt(256)));
                    break;
                case 5:
                    bytes.InsertRange(place, bytes.GetRange(place, run));
                    break;
                default:
                    bytes[place] = (byte)"0123456789(),'<>|fiubO"[random.NextInt(22)];
                    break;
            }
        }

        return [.. bytes];
    }
}
