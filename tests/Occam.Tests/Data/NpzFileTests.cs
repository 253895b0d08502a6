using System.Diagnostics;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // An array of each type, of numbers that another type would not hold.
    private static readonly (string Name, NumberArray Array)[] s_arrays =
    [
        ("truths", new(new[] { true, false }, 2)),
        ("int8", new(new sbyte[] { -128, 127 }, 2)),
        ("uint8", new(new byte[] { 0, 255 }, 2)),
        ("int16", new(new short[] { short.MinValue, short.MaxValue }, 2, 1)),
        ("uint16", new(new ushort[] { 0, ushort.MaxValue }, 1, 2)),
        ("int32", new(new[] { int.MinValue, int.MaxValue }, 2)),
        ("uint32", new(new uint[] { 0, uint.MaxValue }, 2)),
        ("int64", new(new[] { long.MinValue, long.MaxValue }, 2)),
        ("uint64", new(new ulong[] { 0, ulong.MaxValue }, 2)),
        ("half", new(new[] { (Half)1.5, Half.NaN }, 2)),
        ("float", new(new[] { float.MaxValue, float.NegativeInfinity }, 2)),
        ("folder/double", new(new[] { Math.PI, double.Epsilon, 0, 1, 2, 3 }, 1, 2, 3)),
        ("number", new(new[] { 7L })),
        ("empty", new(Array.Empty<float>(), 3, 0)),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        NpzFile.Write(InFolder("all.npz"), s_arrays.Select(pair => KeyValuePair.Create(pair.Name, pair.Array)));

        var read = NpzFile.Read(InFolder("all.npz"));
        Assert.Equal(s_arrays.Select(pair => pair.Name), NpzFile.Names(InFolder("all.npz")));
        Assert.All(s_arrays, pair =>
        {
            Assert.Equal(pair.Array.ElementType, read[pair.Name].ElementType);
            Assert.Equal(pair.Array.Shape, read[pair.Name].Shape);
            Assert.Equal(pair.Array.Elements, read[pair.Name].Elements);
        });
        Assert.Equal(["half"], NpzFile.Read(InFolder("all.npz"), ["half", "none"]).Keys);
    }

    [Fact]
    public void NumPy_reads_what_is_written()
    {
        NpzFile.Write(InFolder("all.npz"), s_arrays.Select(pair => KeyValuePair.Create(pair.Name, pair.Array)));
        const string Program = """
            import sys, numpy
            for name, array in numpy.load(sys.argv[1]).items():
                print(name, array.dtype, array.shape, [x.hex() if isinstance(x, float) else int(x) for x in array.ravel().tolist()])
            """;
        using var python = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", Program, InFolder("all.npz")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var said = python.StandardOutput.ReadToEnd();
        Assert.SkipWhen(python.StandardError.ReadToEnd().Contains("No module named"), "python3 has no numpy");

        string[] expected =
        [
            "truths bool (2,) [1, 0]",
            "int8 int8 (2,) [-128, 127]",
            "uint8 uint8 (2,) [0, 255]",
            "int16 int16 (2, 1) [-32768, 32767]",
            "uint16 uint16 (1, 2) [0, 65535]",
            "int32 int32 (2,) [-2147483648, 2147483647]",
            "uint32 uint32 (2,) [0, 4294967295]",
            "int64 int64 (2,) [-9223372036854775808, 9223372036854775807]",
            "uint64 uint64 (2,) [0, 18446744073709551615]",
            "half float16 (2,) ['0x1.8000000000000p+0', 'nan']",
            "float float32 (2,) ['0x1.fffffe0000000p+127', '-inf']",
            "folder/double float64 (1, 2, 3) ['0x1.921fb54442d18p+1', '0x0.0000000000001p-1022', '0x0.0p+0', "
                + "'0x1.0000000000000p+0', '0x1.0000000000000p+1', '0x1.8000000000000p+1']",
            "number int64 () [7]",
            "empty float32 (3, 0) []",
        ];
        Assert.Equal(expected, said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_single_array_is_x()
    {
        File.WriteAllBytes(InFolder("one.npy"), NumpyBytes.Npy("<f4", "2,", NumpyBytes.Floats(1, 2)));

        Assert.Equal(["x"], NpzFile.Names(InFolder("one.npy")));
        Assert.Equal(new[] { 1f, 2 }, NpzFile.Read(InFolder("one.npy"))["x"].Elements);
    }

    [Fact]
    public void What_is_not_asked_for_is_not_read()
    {
        var text = NumpyBytes.Npy("<U3", "1,", new byte[12]);
        File.WriteAllBytes(InFolder("mixed.npz"), NumpyBytes.Npz(NumpyBytes.Npy("<f4", "1,", NumpyBytes.Floats(5)), text));

        Assert.Equal(new[] { 5f }, NpzFile.Read(InFolder("mixed.npz"), ["x"])["x"].Elements);
        Assert.Contains("array y", Assert.Throws<OccamException>(() => NpzFile.Read(InFolder("mixed.npz"))).Message);
    }

    [Fact]
    public void A_flipped_bit_is_found()
    {
        NpzFile.Write(InFolder("all.npz"), [KeyValuePair.Create("a", new NumberArray(new double[100], 100))]);
        var bytes = File.ReadAllBytes(InFolder("all.npz"));
        bytes[500] ^= 1;
        File.WriteAllBytes(InFolder("all.npz"), bytes);

        Assert.Contains("checksum", Assert.Throws<OccamException>(() => NpzFile.Read(InFolder("all.npz"))).Message);
    }

    [Fact]
    public void Whole_numbers_are_converted_or_refused()
    {
        Assert.Equal([1.0, 0], new NumberArray(new[] { true, false }, 2).ToArray<double>());
        Assert.Equal([-3L], new NumberArray(new sbyte[] { -3 }, 1).ToArray<long>());
        Assert.Throws<OverflowException>(() => new NumberArray(new[] { ulong.MaxValue }, 1).ToArray<long>());
        Assert.Throws<ArgumentException>(() => new NumberArray(new[] { 1, 2 }, 3));
        Assert.Throws<ArgumentException>(() => new NumberArray(new[] { "1" }, 1));
    }

    private string InFolder(string name) => Path.Combine(_folder.Path, name);
}
