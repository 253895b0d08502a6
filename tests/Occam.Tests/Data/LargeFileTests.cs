using System.Formats.Tar;
using System.IO.Compression;
using DuckDB.NET.Data;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>Examples that are read from their files as they are asked for are those that reading all at once gives.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const int Count = 300;
    private static readonly DataOptions s_large = new() { MostInMemory = 0, Normalization = NormalizationChoice.Parse("0.5/2") };
    private static readonly DataOptions s_small = s_large with { MostInMemory = long.MaxValue };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<f4", 4)]
    [InlineData(">f8", 8)]
    [InlineData("|u1", 1)]
    [InlineData("<i8", 8)]
    public void Arrays_of_any_type_are_read_row_by_row(string type, int size)
    {
        byte[] elements = [.. Enumerable.Range(0, Count * 6 * size).Select(i => (byte)(size == 1 ? i * 7 : i % size == 0 ? i * 7 : 1))];
        var path = _folder.Write("x.npy", NumpyBytes.Npy(type, $"{Count}, 2, 3", elements));

        Same(DataSource.Open(path, s_small), DataSource.Open(path, s_large));
    }

    [Fact]
    public void An_archive_that_is_not_packed_is_read_from_its_places_with_labels_and_further_arrays()
    {
        var path = _folder.Write("d.npz", Archive(CompressionLevel.NoCompression));
        var (small, large) = (DataSource.Open(path, s_small), DataSource.Open(path, s_large));

        Same(small, large);
        Assert.Contains("read as needed", large.Description);
        Assert.Equal(small.Labels, large.Labels);
        Same(small.Others["mask"], large.Others["mask"]);
    }

    [Fact]
    public void A_packed_archive_is_read_as_a_whole()
    {
        var path = _folder.Write("d.npz", Archive(CompressionLevel.Fastest));

        Same(DataSource.Open(path, s_small), DataSource.Open(path, s_large));
        Assert.DoesNotContain("read as needed", DataSource.Open(path, s_large).Description);
    }

    [Fact]
    public void What_is_wrong_is_told_with_the_place()
    {
        float[] x = [.. Enumerable.Range(0, 2 * Count).Select(i => (float)i)];
        x[501] = float.NaN;
        var damaged = DataSource.Open(_folder.Write("x.npy", NumpyBytes.Npy("<f4", $"{Count}, 2", NumpyBytes.Floats(x))), s_large);
        Assert.Contains("example 250 is NaN", Assert.Throws<OccamException>(() => Reading.Inputs(damaged)).Message);

        var whole = NumpyBytes.Npy("<f4", $"{Count}, 2", NumpyBytes.Floats(x));
        var shortened = _folder.Write("y.npy", whole[..^8]);
        Assert.Contains("truncated", Assert.Throws<OccamException>(() => DataSource.Open(shortened, s_large)).Message);
    }

    [Fact]
    public void Rows_of_a_parquet_file_are_read_in_order_and_from_anywhere()
    {
        var path = Path.Combine(_folder.Path, "t.parquet");
        using (DuckDBConnection database = new("DataSource=:memory:"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = $"COPY (SELECT sin(i) AS a, [cos(i), i] AS b, i % 7 AS label FROM range(300000) t(i)) TO '{path}' "
                + "(FORMAT PARQUET, ROW_GROUP_SIZE 30000)";
            command.ExecuteNonQuery();
        }

        var (small, large) = (DataSource.Open(path, s_small), DataSource.Open(path, s_large));

        Same(small, large);
        Assert.Equal(small.Labels, large.Labels);
        Assert.Equal(small.Classes, large.Classes);
    }

    [Fact]
    public void Examples_of_tar_files_are_their_arrays_and_classes()
    {
        Tar("data/b.tar", ("k/2.npy", Array(2)), ("k/2.cls", "1"u8.ToArray()), ("k/2.json", [1]));
        Tar("data/a.tar", ("0.npy", Array(0)), ("0.cls", " 0\n"u8.ToArray()), ("1.cls", "2"u8.ToArray()), ("1.npy", Array(1)));

        var data = DataSource.Open(Path.Combine(_folder.Path, "data"), new());

        Assert.Equal([2, 3], data.ExampleShape);
        Assert.Equal([0, 2, 1], data.Labels!);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => (double)i), Reading.Inputs(data));
        Assert.Contains("2 tar files, read as needed, 1 other files left out", data.Description);
    }

    [Fact]
    public void Pictures_in_tar_files_are_those_of_a_folder()
    {
        byte[] Picture(int i) => PictureBytes.Png(2, 2, false, [.. Enumerable.Range(0, 12).Select(j => (byte)((i * 31) + j))]);
        var names = Enumerable.Range(0, 150).Select(i => $"{i:D4}").ToArray();
        Tar("p.tar", [.. names.Select((name, i) => ($"{name}.png", Picture(i)))]);
        foreach (var (i, name) in names.Index())
        {
            _folder.Write($"pictures/{name}.png", Picture(i));
        }

        Same(
            DataSource.Open(Path.Combine(_folder.Path, "pictures"), s_small),
            DataSource.Open(Path.Combine(_folder.Path, "p.tar"), s_small));
    }

    [Fact]
    public void Examples_of_tar_files_that_lack_something_are_refused_by_name()
    {
        void Refused(string words, params (string, byte[])[] files)
        {
            Tar("t.tar", files);
            var error = Assert.Throws<OccamException>(() => Reading.Inputs(DataSource.Open(Path.Combine(_folder.Path, "t.tar"), new())));
            Assert.Contains(words, error.Message);
        }

        Refused("'/1' has no input", ("0.npy", Array(0)), ("0.cls", "0"u8.ToArray()), ("1.cls", "0"u8.ToArray()));
        Refused("'/1' has no class", ("0.npy", Array(0)), ("0.cls", "0"u8.ToArray()), ("1.npy", Array(0)));
        Refused("'/1' has a class", ("0.npy", Array(0)), ("1.npy", Array(0)), ("1.cls", "0"u8.ToArray()));
        Refused("'/0' has more than one input", ("0.npy", Array(0)), ("0.a.npy", Array(0)));
        Refused("holds 'dog'", ("0.npy", Array(0)), ("0.cls", "dog"u8.ToArray()));
        Refused("holds no examples", ("0.txt", Array(0)));
        Refused("example 1 has the shape (1)", ("0.npy", Array(0)), ("1.npy", NumpyBytes.Npy("<f4", "1,", new byte[4])));
    }

    private static byte[] Archive(CompressionLevel level) => NumpyBytes.Zip(
        level,
        ("mask.npy", NumpyBytes.Npy("|u1", $"{Count}, 5", [.. Enumerable.Range(0, 5 * Count).Select(i => (byte)(i % 2))])),
        ("x.npy", NumpyBytes.Npy("<f4", $"{Count}, 4", NumpyBytes.Floats([.. Enumerable.Range(0, 4 * Count).Select(i => MathF.Sin(i))]))),
        ("y.npy", NumpyBytes.Npy("<i8", $"{Count},", NumpyBytes.Longs([.. Enumerable.Range(0, Count).Select(i => i % 3L)]))));

    private static byte[] Array(int i) => NumpyBytes.Npy(
        "<f4", "2, 3", NumpyBytes.Floats([.. Enumerable.Range(6 * i, 6).Select(number => (float)number)]));

    private void Tar(string name, params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, leaveOpen: true))
        {
            foreach (var (file, bytes) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(bytes) });
            }
        }

        _folder.Write(name, stream.ToArray());
    }

    // All of them in order, and some in any order and twice.
    private static void Same(DataSet expected, DataSet actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.ExampleShape, actual.ExampleShape);
        Assert.Equal(Reading.Inputs(expected), Reading.Inputs(actual));
        int[] mixed = [.. Enumerable.Range(0, 40).Select(i => (int)(i * 7919L * 31 % expected.Count)), 0, 0, expected.Count - 1];
        var (one, other) = (new float[mixed.Length * expected.ExampleSize], new float[mixed.Length * expected.ExampleSize]);
        expected.CopyInputs(mixed, one);
        actual.CopyInputs(mixed, other);
        Assert.Equal(one, other);
    }
}
