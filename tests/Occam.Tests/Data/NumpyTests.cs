using System.Buffers.Binary;
using System.IO.Compression;
using Occam.Data;
using Xunit;
using static Occam.Tests.Data.NumpyBytes;
using static Occam.Tests.Data.Reading;

namespace Occam.Tests.Data;

public sealed class NumpyTests
{
    private static readonly byte[] X = Npy("<f8", "2, 3", Doubles(1, 2, 3, 4, 5, 6));

    /// <summary>An archive that NumPy 1.24.2 wrote: numpy.savez_compressed of x = [[0.5, −1], [2, 1e300]] and y = int32 [1, 0].</summary>
    private const string WrittenByNumpy =
        "UEsDBBQAAAAIAAAAIQDgX+znWwAAAKAAAAAFABQAeC5ucHkBABAAoAAAAAAAAABbAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSY"
        + "F59flJIKEndLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLgYweGAPoT/sh9AMDnNKGTpsnpjXAQBQSwMEFAAAAAgAAAAhAIAxo4dIAAAAiAAAAAUAFAB5Lm5w"
        + "eQEAEACIAAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALkYG"
        + "CAAAUEsBAhQDFAAAAAgAAAAhAOBf7OdbAAAAoAAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAhQDFAAAAAgAAAAhAIAxo4dIAAAAiAAAAAUAAAAAAAAA"
        + "AAAAAIABkgAAAHkubnB5UEsFBgAAAAACAAIAZgAAABEBAAAAAA==";

    [Fact]
    public void Reads_what_numpy_wrote()
    {
        DataSet set = Read("real.npz", Convert.FromBase64String(WrittenByNumpy));
        Assert.Equal([0.5, -1, 2, 1e300], Inputs(set));
        Assert.Equal([1, 0], set.Labels!);
        Assert.Equal([2], set.ExampleShape);
    }

    [Theory]
    [InlineData("<f2")]
    [InlineData(">f2")]
    [InlineData("<f4")]
    [InlineData(">f4")]
    [InlineData("<f8")]
    [InlineData(">f8")]
    [InlineData("|i1")]
    [InlineData("<i2")]
    [InlineData(">i2")]
    [InlineData("<i4")]
    [InlineData(">i4")]
    [InlineData("<i8")]
    [InlineData(">i8")]
    [InlineData("|u1")]
    [InlineData("<u2")]
    [InlineData(">u2")]
    [InlineData("<u4")]
    [InlineData(">u4")]
    [InlineData("<u8")]
    [InlineData(">u8")]
    public void Every_number_type_and_byte_order_is_read(string type)
    {
        int[] numbers = type[1] == 'u' || type.EndsWith('1') ? [0, 1, 7, 100, 127, 3] : [0, -1, 7, 1000, -512, 3];
        byte[] bytes = [.. numbers.SelectMany(number => Encode(type, number))];
        DataSet set = Read("x.npz", Npz(Npy(type, "3, 2", bytes)));
        Assert.Equal(numbers.Select(number => (double)number), Inputs(set));
        Assert.Equal(3, set.Count);

        float[] single = new float[2];
        set.CopyInputs([1], single);
        Assert.Equal([numbers[2], numbers[3]], single);
    }

    [Fact]
    public void Booleans_become_zero_and_one()
    {
        Assert.Equal([1, 0, 1], Inputs(Read("x.npy", Npy("|b1", "3, 1", [1, 0, 1]))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_header_version_is_read(int version)
    {
        Assert.Equal([1.5, 2.5], Inputs(Read("x.npy", Npy("<f8", "2, 1", Doubles(1.5, 2.5), version: version))));
    }

    [Fact]
    public void Fortran_order_means_the_first_index_varies_fastest()
    {
        // x[i, j, k] = 100 i + 10 j + k
        double[] columns = [.. from k in Enumerable.Range(0, 4)
            from j in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 2) select (100.0 * i) + (10 * j) + k];
        double[] rows = [.. from i in Enumerable.Range(0, 2)
            from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 4) select (100.0 * i) + (10 * j) + k];
        DataSet set = Read("x.npy", Npy("<f8", "2, 3, 4", Doubles(columns), fortran: true));
        Assert.Equal(rows, Inputs(set));
        Assert.Equal([3, 4], set.ExampleShape);
    }

    [Fact]
    public void Large_arrays_cross_the_chunks_unharmed()
    {
        double[] numbers = [.. Enumerable.Range(0, 50_000).Select(i => i / 3.0)];
        Assert.Equal(numbers, Inputs(Read("x.npy.gz", Gzip(Npy("<f8", "10000, 5", Doubles(numbers))))));
        byte[] packed = Npz(Npy("<f8", "10000, 5", Doubles(numbers)), level: CompressionLevel.Optimal);
        Assert.Equal(numbers, Inputs(Read("x.npz.gz", Gzip(packed))));
    }

    [Fact]
    public void Whole_y_are_labels_and_floating_y_are_targets()
    {
        DataSet labelled = Read("a.npz", Npz(X, Npy("<i8", "2,", Longs(4, 0))));
        Assert.Equal([4, 0], labelled.Labels!);
        Assert.Equal(5, labelled.Classes);
        Assert.Null(labelled.Targets);

        DataSet fitted = Read("b.npz", Npz(X, Npy("<f4", "2, 2", Floats(1, 2, 3, 4.5f))));
        Assert.Equal([1, 2, 3, 4.5], fitted.Targets!);
        Assert.Equal(2, fitted.TargetSize);
        Assert.Null(fitted.Labels);
        Assert.Equal(0, fitted.Classes);

        Assert.Equal([4, 0], Read("c.npz", Npz(X, Npy("<i8", "2, 1", Longs(4, 0)))).Labels!);
    }

    [Fact]
    public void One_number_per_example_needs_no_second_dimension()
    {
        DataSet set = Read("x.npy", Npy("<f8", "3,", Doubles(1, 2, 3)));
        Assert.Equal([1], set.ExampleShape);
        Assert.Equal(3, set.Count);
    }

    [Fact]
    public void A_given_normalization_is_applied_to_the_stored_numbers()
    {
        DataOptions options = new() { Normalization = NormalizationChoice.Parse("1,2") };
        DataSet set = Read("x.npz", Npz(X), options);
        Assert.Equal([0, 0.5, 1, 1.5, 2, 2.5], Inputs(set));
        Assert.Contains("(x − 1)/2", set.Description);

        options = new() { Normalization = NormalizationChoice.Parse("1,2,3/1,10,100") };
        Assert.Equal([0, 0, 0, 3, 0.3, 0.03], Inputs(Read("x.npz", Npz(X), options)));
        Refuses("2 channels", "x.npz", Npz(X), new() { Normalization = NormalizationChoice.Parse("1,2/1,1") });
    }

    [Fact]
    public void Arrays_that_are_not_numbers_are_refused()
    {
        Refuses("pickled", "x.npz", Npz(Npy("|O", "2,", [1, 2, 3, 4])));
        Refuses("pickled", "x.npz", Npz(X, Npy("|O", "2,", [1, 2, 3, 4])));
        Refuses("'<c8'", "x.npy", Npy("<c8", "1,", new byte[8]));
        Refuses("'<U3'", "x.npy", Npy("<U3", "1,", new byte[12]));
        Refuses("a structure", "x.npy", WithHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", new byte[8]));
        Refuses("header", "x.npy", WithHeader("{'shape': (1,)}", new byte[8]));
    }

    [Fact]
    public void Lengths_that_disagree_are_refused()
    {
        Refuses("truncated", "x.npy", X[..^1]);
        Refuses("damaged", "x.npy", [.. X, 0]);
        Refuses("truncated", "x.npy", X[..20]);
        Refuses("x has 2 examples but y has 3", "x.npz", Npz(X, Npy("<i8", "3,", Longs(0, 1, 2))));
        Refuses("x has 2 examples but y has 1", "x.npz", Npz(X, Npy("<f8", "1, 4", Doubles(0, 1, 2, 3))));
        Refuses("no examples", "x.npy", Npy("<f8", "0, 3", []));
        Refuses("holds nothing", "x.npy", Npy("<f8", "3, 0", []));
        Refuses("single number", "x.npy", Npy("<f8", "", Doubles(1)));
        Refuses("at most", "x.npy", Npy("<f8", "3, 99999999999999999999", []));
        Refuses("at most", "x.npy", Npy("<f8", "0, 2000000000, 2000000000", []));
        Refuses("at most", "x.npy", Npy("<f8", string.Join(",", Enumerable.Repeat("1", 40)), Doubles(1)));
    }

    [Fact]
    public void A_further_array_of_a_single_number_is_one_for_all_examples()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(Path.Combine(folder.Path, "rate.npz"), [
            KeyValuePair.Create("x", new NumberArray(new double[] { 1, 2, 3, 4, 5, 6 }, [3, 2])),
            KeyValuePair.Create("rate", new NumberArray(new long[] { 16000 }, [])),
        ]);

        var data = DataSource.Open(Path.Combine(folder.Path, "rate.npz"), new DataOptions());

        foreach (var set in new[] { data, data.Range(1, 2), data.Subset(2, 0) })
        {
            var rate = set.Others["rate"];
            Assert.Equal((1, 1), (rate.Count, rate.ExampleSize));
            Assert.Equal(16000, Inputs(rate)[0]);
        }
    }

    [Fact]
    public void Labels_must_be_class_numbers()
    {
        Refuses("example 1 is -1", "x.npz", Npz(X, Npy("<i8", "2,", Longs(0, -1))));
        Refuses("example 0 is 9223372036854775807", "x.npz", Npz(X, Npy("<u8", "2,", Longs(-1, 0))));
        Refuses("or -100 where", "x.npz", Npz(X, Npy("<i8", "2, 2", Longs(0, 1, -100, -1))));
    }

    /// <summary>As the states of an LSTM are, layers × examples × units.</summary>
    [Fact]
    public void Further_arrays_whose_examples_another_index_counts_are_turned()
    {
        var x = Npy("<f8", "3, 1", Doubles(1, 2, 3));
        double[] numbers = [.. Enumerable.Range(0, 24).Select(i => (double)i)];
        DataSet Of(string shape) => Read("x.npz", Zip(
            CompressionLevel.NoCompression, ("x.npy", x), ("h.npy", Npy("<f8", shape, Doubles(numbers)))));

        var data = Of("2, 3, 4");
        Assert.Equal([2, 4], data.Others["h"].ExampleShape);
        Assert.Equal("from x.npz, the examples counted in h by its dimension 1", data.Source);
        var second = new double[8];
        data.Subset(2, 0).Others["h"].CopyInputs([0], second);
        var example = (int)Inputs(data.Subset(2, 0))[0] - 1;
        Assert.Equal(
            new[] { 0, 1 }.SelectMany(layer => Enumerable.Range(0, 4).Select(unit => numbers[(layer * 12) + (example * 4) + unit])),
            second);

        // By the last, and by none: two could be meant, or the first is.
        Assert.Equal([2, 4], Of("2, 4, 3").Others["h"].ExampleShape);
        Assert.Equal([4, 2], Of("3, 4, 2").Others["h"].ExampleShape);
        Assert.Equal(8, Of("8, 3").Others["h"].ExampleSize);
        Assert.Equal(4, Of("4, 6").Others["h"].Count);
    }

    [Fact]
    public void Labels_by_position_are_kept_apart()
    {
        var data = Read("x.npz", Npz(X, Npy("<i8", "2, 2", Longs(0, 1, -100, 0))));

        Assert.Null(data.Labels);
        Assert.Equal([0, 1, -100, 0], data.PositionLabels!);
        Assert.Equal([2], data.PositionShape);
        var one = data.Subset(1, 0);
        var index = Inputs(one)[0] == Inputs(data)[0] ? 0 : 1;
        Assert.Equal(data.PositionLabels![(2 * index)..((2 * index) + 2)], one.PositionLabels!);
        Assert.Contains("argmax", Assert.Throws<OccamException>(() => data.RequireLabels()).Message);
    }

    [Fact]
    public void Arrays_beside_the_inputs_are_kept_by_name()
    {
        var data = Read("x.npz", Zip(
            CompressionLevel.Fastest, ("x.npy", X), ("mask.npy", Npy("<i8", "2, 2", Longs(1, 0, 1, 1))),
            ("odd.npy", Npy("<i8", "3,", Longs(1, 2, 3)))));

        // One of another length is kept, so that a network that takes it can say what is wrong with it.
        Assert.Equal(["mask", "odd"], data.Others.Keys.Order());
        Assert.Equal(["mask"], data.Subset(1, 0).Others.Keys);
        var mask = new double[4];
        data.Others["mask"].CopyInputs([1, 0], mask);
        Assert.Equal([1, 1, 1, 0], mask);
    }

    [Fact]
    public void Inputs_must_be_finite()
    {
        Refuses("example 1 is NaN", "x.npy", Npy("<f8", "2, 2", Doubles(1, 2, double.NaN, 4)));
        Refuses("example 0 is Infinity", "x.npy", Npy("<f4", "2, 2", Floats(1, float.PositiveInfinity, 3, 4)));
        Refuses("finite", "x.npz", Npz(X, Npy("<f8", "2,", Doubles(1, double.NaN))));
    }

    [Fact]
    public void Archives_must_hold_x_once_and_whole()
    {
        Assert.Equal("images", Read("x.npz", Zip(CompressionLevel.Fastest, ("images.npy", X))).ArrayName);
        Refuses("no array of inputs, only y.npy", "x.npz", Zip(CompressionLevel.Fastest, ("y.npy", X)));
        Refuses("no array of inputs, for it is empty", "x.npz", Zip(CompressionLevel.Fastest));
        Refuses("more than once", "x.npz", Zip(CompressionLevel.Fastest, ("x.npy", X), ("x.npy", X)));
        Refuses("not a zip archive", "x.npz", X);
        Refuses("not a zip archive", "x.npz", Npz(X)[..^30]);
        Refuses("not a NumPy array", "x.npz", Npz([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    }

    [Fact]
    public void A_flipped_bit_in_a_stored_array_is_found()
    {
        byte[] archive = Npz(X);
        int place = archive.AsSpan().IndexOf(Doubles(5));
        archive[place + 3] ^= 1;
        Refuses("checksum", "x.npz", archive);
    }

    [Fact]
    public void Bombs_are_refused_before_they_are_unpacked()
    {
        byte[] zeros = new byte[8 << 20];
        byte[] packed = Npz(Npy("|u1", $"{zeros.Length}, 1", zeros), level: CompressionLevel.Optimal);
        Refuses("more than the limit", "x.npz", packed, new() { MaximumBytes = 1 << 20 });

        // The archive's directory is made to claim 1 GiB of the same few packed bytes.
        byte[] lying = [.. packed];
        int directory = lying.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(lying.AsSpan(directory + 24), 1 << 30);
        Refuses("can't be", "x.npz", lying);

        byte[] gzip = Gzip(X);
        BinaryPrimitives.WriteUInt32LittleEndian(gzip.AsSpan(gzip.Length - 4), uint.MaxValue);
        Refuses("can't be", "x.npy.gz", gzip);
        Refuses(
            "in memory, more than the limit", "x.npy", Npy("|i1", "3000000, 1", new byte[3_000_000]), new() { MaximumBytes = 4_000_000 });
    }

    [Fact]
    public void Damaged_gzip_is_refused()
    {
        byte[] gzip = Gzip(X);
        Assert.Equal([1, 2, 3, 4, 5, 6], Inputs(Read("x.npy.gz", gzip)));
        for (int length = 0; length < gzip.Length; length++)
        {
            byte[] cut = gzip[..length];
            Assert.Throws<OccamException>(() => Read("x.npy.gz", cut));
        }

        Assert.Throws<OccamException>(() => Read("x.npy.gz", [.. gzip, .. "trailing garbage"u8]));
        Assert.Throws<OccamException>(() => Read("x.npy.gz", [.. gzip, .. gzip]));
        byte[] badChecksum = [.. gzip];
        badChecksum[^6] ^= 1;
        Assert.Throws<OccamException>(() => Read("x.npy.gz", badChecksum));
    }

    private static byte[] Encode(string type, int number)
    {
        byte[] bytes = type[1..] switch
        {
            "f2" => BitConverter.GetBytes((Half)number),
            "f4" => BitConverter.GetBytes((float)number),
            "f8" => BitConverter.GetBytes((double)number),
            _ => BitConverter.GetBytes((long)number)[..(type[2] - '0')],
        };
        return type[0] == '>' ? [.. bytes.Reverse()] : bytes;
    }
}
