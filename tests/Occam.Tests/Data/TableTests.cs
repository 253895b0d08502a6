using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

/// <summary>CSV typed by hand, and Parquet that DuckDB wrote.</summary>
public sealed class TableTests
{
    [Theory]
    [InlineData("1.5,2\n-3,4e-1\n", new[] { 1.5, 2, -3, 0.4 })]
    [InlineData("1\n2\n3", new[] { 1.0, 2, 3 })]
    [InlineData("a\tb\r\n1\t2.5\r\n", new[] { 1, 2.5 })]
    [InlineData("a;b\n1;2\n", new[] { 1.0, 2 })]
    [InlineData("\uFEFF\"a,\"\"1\"\"\",b\n1,\"2\"\n\n", new[] { 1.0, 2 })]
    public void Numbers_are_inputs_with_or_without_names(string text, double[] inputs)
    {
        DataSet set = Csv(text);
        Assert.Equal(inputs, Reading.Inputs(set));
        Assert.Null(set.Labels);
        Assert.Null(set.Targets);
    }

    [Fact]
    public void A_first_row_of_numbers_is_an_example_even_where_it_alone_is_floating() =>
        Assert.Equal([1.5, 2, 3, 4, 5, 6], Reading.Inputs(Csv("1.5,2\n3,4\n5,6\n")));

    [Fact]
    public void Text_is_classes_in_the_order_of_their_names()
    {
        DataSet set = Csv("Label,w\ndog,1\ncat,2\ndog,3\nZebra,4\n");
        Assert.Equal([2, 1, 2, 0], set.Labels!);
        Assert.Equal([1, 2, 3, 4], Reading.Inputs(set));
        Assert.Contains("labels in 'Label' (classes Zebra, cat, dog)", set.Description);
    }

    [Fact]
    public void Whole_numbers_are_labels_and_floating_numbers_targets()
    {
        DataSet labels = Csv("a,y\n1,0\n2,7\n");
        Assert.Equal([0, 7], labels.Labels!);
        Assert.Equal(8, labels.Classes);
        DataSet targets = Csv("a,y\n1,0\n2,0.5\n");
        Assert.Null(targets.Labels);
        Assert.Equal([0, 0.5], targets.Targets!);
        Assert.Equal([1, 0], Csv("5.1,3.5,b\n4,3,a\n", new() { Label = "column2" }).Labels!);
        Assert.Equal([3, 4], Csv("a,y,z\n1,0,3\n2,1,4\n", new() { Label = "z" }).Labels!);
    }

    [Fact]
    public void Data_whose_labels_mean_other_classes_are_told()
    {
        DataSet train = Csv("a,y\n1,cat\n2,dog\n3,fox\n");
        Assert.Null(train.ClassProblem(Csv("a,y\n1,fox\n2,dog\n3,cat\n")));
        Assert.Null(train.ClassProblem(Csv("a,y\n1,1\n2,0\n")));
        Assert.Contains("are cat, fox, and those of t.csv cat, dog, fox", Csv("a,y\n1,cat\n2,fox\n").ClassProblem(train));
    }

    [Fact]
    public void Names_that_count_the_columns_are_names_where_one_more_is_text() =>
        Assert.Equal([5, 6], Reading.Inputs(Csv("0,1,label\n5,6,1\n")));

    [Theory]
    [InlineData("0,1,2,3\n4,5,6,7\n", "which may be names or numbers")]
    [InlineData(",a,y\n0,1,2\n", "column 1 of")]
    [InlineData("a,a\n1,2\n", "two columns named 'a'")]
    [InlineData("a,y\n1,2\n,3\n", "row 2 has nothing in the column 'a'")]
    [InlineData("a,y\n1,\n", "row 1 has nothing in the column 'y'")]
    [InlineData("a,b\n1,2\n3,x\n", "row 2 has 'x' in the column 'b'")]
    [InlineData("a,b\n1,2\n1,2,3\n", "Expected Number of Columns: 2 Found: 3")]
    [InlineData("a,b\n1,2\n1\n", "Expected Number of Columns: 2 Found: 1")]
    [InlineData("a,y\n1,-2\n", "the label of row 1 is -2")]
    [InlineData("a,y\n1,0\nnan,1\n", "an input of example 1 is NaN")]
    [InlineData("a,y,class\n1,2,3\n", "may have the answers in y, class")]
    [InlineData("y\n1\n", "no column beside the answers")]
    [InlineData("a,b\n", "holds no rows")]
    [InlineData("\n1,2\n", "the first line of")]
    [InlineData("", "is empty, 0 bytes")]
    public void What_is_no_table_of_examples_is_refused(string text, string words) => Refused(words, () => Csv(text));

    [Fact]
    public void A_packed_table_is_read_and_held_to_the_limit_row_by_row()
    {
        using TemporaryFolder folder = new();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{-i}\n"))));
        }

        var path = folder.Write("t.csv.gz", packed.ToArray());
        DataSet set = DataSource.Open(path, new());
        Assert.Equal(50_000, set.Count);
        Assert.Equal(Enumerable.Range(0, 50_000).SelectMany(i => (double[])[i, -i]), Reading.Inputs(set));
        Refused("row 63 brings the inputs to 1008 bytes, more than the limit of 1000 bytes",
            () => DataSource.Open(path, new() { MaximumBytes = 1000 }));
    }

    [Fact]
    public void Names_of_files_are_no_patterns_and_no_sql()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(1, DataSource.Open(folder.Write("y=3/o'clock.csv", "a,b\n1,2\n"u8.ToArray()), new()).Count);
        folder.Write("q1.csv", "a,b\n1,2\n"u8.ToArray());
        Refused("which stand for patterns: rename it", () => DataSource.Open(folder.Write("q[1].csv", "a,b\n1,2\n"u8.ToArray()), new()));
    }

    [Fact]
    public void Columns_of_a_parquet_file_are_inputs_in_their_order()
    {
        DataSet set = Parquet("""
            SELECT i AS id, [i * 1.0, 2.0]::DOUBLE[] AS l, [0.5, i]::FLOAT[2] AS a, CASE i WHEN 1 THEN 'cat' ELSE 'dog' END AS "class",
                (i / 4)::DECIMAL(10,2) AS d, (i > 0) AS t, 5 AS __index_level_0__ FROM range(3) r(i)
            """);
        Assert.Equal([7], set.ExampleShape);
        Assert.Equal([0, 0, 2, 0.5, 0, 0, 0, 1, 1, 2, 0.5, 1, 0.25, 1, 2, 2, 2, 0.5, 2, 0.5, 1], Reading.Inputs(set));
        Assert.Equal([1, 0, 1], set.Labels!);
    }

    [Fact]
    public void A_column_of_lists_gives_its_shape()
    {
        DataSet set = Parquet("SELECT [[1, 2, 0], [3, i, 5]]::FLOAT[][] AS m, [i, i + 0.5]::DOUBLE[] AS target FROM range(2) r(i)");
        Assert.Equal([2, 3], set.ExampleShape);
        Assert.Equal([1, 2, 0, 3, 0, 5, 1, 2, 0, 3, 1, 5], Reading.Inputs(set));
        Assert.Equal(2, set.TargetSize);
        Assert.Equal([0, 0.5, 1, 1.5], set.Targets!);
    }

    [Theory]
    [InlineData("{'bytes': {0}, 'path': 'a.png'}")]
    [InlineData("{0}")]
    public void Pictures_in_a_column_are_decoded(string column)
    {
        var grey = PictureBytes.Png(1, 2, grey: true, 51, 255);
        var colour = PictureBytes.Bmp(1, 2, 255, 0, 0, 0, 102, 0);
        var (first, second) = (column.Replace("{0}", Blob(grey)), column.Replace("{0}", Blob(colour)));
        DataSet set = Parquet($"SELECT {first} AS image, 1 AS label, 'a' AS caption UNION ALL SELECT {second}, 0, 'b'");
        Assert.Equal([3, 1, 2], set.ExampleShape);
        Assert.Equal([0.2, 1, 0.2, 1, 0.2, 1, 1, 0, 0, 0.4, 0, 0], Reading.Inputs(set));
        Assert.Equal([1, 0], set.Labels!);
        Assert.Contains("pictures in 'image' of", set.Description);
        Assert.Contains("without caption", set.Description);
        Refused(": the picture of row 2 can't be read as a picture", () => Parquet($"""
            SELECT {first} AS image, 1 AS label UNION ALL SELECT {column.Replace("{0}", Blob(grey[..^25]))}, 0
            """));
        Refused("row 2 has nothing in the column 'image'", () => Parquet($"SELECT {first} AS image UNION ALL SELECT NULL"));
    }

    [Theory]
    [InlineData("SELECT range(i + 1) AS a, i AS y FROM range(3) r(i)", "row 2 has 2 inputs, and the first row 1")]
    [InlineData("SELECT [1, NULL, i] AS a FROM range(3) r(i)", "row 1 has nothing in the column 'a'")]
    [InlineData("SELECT CASE i WHEN 1 THEN NULL ELSE i END AS a FROM range(3) r(i)", "row 2 has nothing in the column 'a'")]
    [InlineData("SELECT i AS a, 'x' AS b FROM range(3) r(i)", "the column 'b' is of type VARCHAR")]
    [InlineData("SELECT i AS a, [1, i] AS y FROM range(3) r(i)", "labels by position come in .npz")]
    [InlineData("SELECT 'a'::BLOB AS a, 'b'::BLOB AS b", "has pictures in the columns a, b")]
    [InlineData("SELECT 1 AS a WHERE 1 = 0", "holds no rows")]
    public void Parquet_that_is_no_table_of_examples_is_refused(string sql, string words) => Refused(words, () => Parquet(sql));

    [Fact]
    public void A_damaged_parquet_file_is_refused()
    {
        using TemporaryFolder folder = new();
        var path = Write(folder, "SELECT i AS a FROM range(1000) r(i)");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^30]);
        Refused("can't be read as a table", () => DataSource.Open(path, new()));
    }

    [Fact]
    public void Options_that_say_nothing_about_the_data_are_refused()
    {
        Refused("no column 'lable': did you mean 'label'?", () => Csv("a,label\n1,2\n", new() { Label = "lable" }));
        Refused("leave out --size", () => Csv("a,label\n1,2\n", new() { PictureSize = new(2, 2) }));
        Refused("leave it out", () => DataSource.Open("glyphs:test", new() { Label = "y" }));
        Refused("leave it out", () => DataSource.Open("glyphs:test", new() { PictureSize = new(2, 2) }));
    }

    private static DataSet Csv(string text, DataOptions? options = null)
    {
        using TemporaryFolder folder = new();
        return DataSource.Open(folder.Write("t.csv", Encoding.UTF8.GetBytes(text)), options ?? new());
    }

    private static DataSet Parquet(string sql)
    {
        using TemporaryFolder folder = new();
        return DataSource.Open(Write(folder, sql), new());
    }

    private static string Write(TemporaryFolder folder, string sql)
    {
        var path = Path.Combine(folder.Path, "t.parquet");
        using DuckDBConnection database = new("DataSource=:memory:");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{path}' (FORMAT PARQUET)";
        command.ExecuteNonQuery();
        return path;
    }

    private static string Blob(byte[] bytes) => $"'{string.Concat(bytes.Select(b => $"\\x{b:X2}"))}'::BLOB";

    private static void Refused(string words, Func<DataSet> open)
    {
        OccamException error = Assert.Throws<OccamException>(() => open());
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
