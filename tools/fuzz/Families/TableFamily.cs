using DuckDB.NET.Data;
using Occam.Data;
using Occam.Tests.Data;

namespace Occam.Fuzz.Families;

/// <summary>Tables (CSV, TSV, Parquet) and folders of pictures.</summary>
internal sealed class TableFamily : Family
{
    private static readonly string s_csv = "a,b,\"c d\",label\n1,2,3,cat\n4.5,-6e-2,7,dog\n\"8\",9,10,cat\n";
    private static readonly Lazy<byte[]> s_parquet = new(Parquet);
    private static readonly byte[] s_png = PictureBytes.Png(2, 3, grey: true, 1, 2, 3, 4, 5, 6);

    public override string Name => "tables";

    public override int Share => 60;

    public override void Prepare() => _ = s_parquet.Value;

    public override void Try(SeededRandom random, string folder)
    {
        switch (random.NextInt(8))
        {
            case 0:
                Open(folder, "t.parquet", Bytes.Spoil(s_parquet.Value, random));
                break;
            case 1:
                Open(folder, "t.csv.gz", NumpyBytes.Gzip(Words.Utf8(Words.Spoil(s_csv, random))));
                break;
            case 2 or 3 or 4:
                var inner = Directory.CreateDirectory(Path.Combine(folder, "pictures", "a")).FullName;
                File.WriteAllBytes(Path.Combine(inner, "1.png"), Bytes.Spoil(s_png, random));
                Open(Path.GetDirectoryName(inner)!);
                break;
            default:
                Open(folder, "t.csv", Words.Utf8(Words.Spoil(s_csv, random)));
                break;
        }
    }

    private static void Open(string folder, string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(folder, name), content);
        Open(Path.Combine(folder, name));
    }

    private static void Open(string path)
    {
        var set = DataSource.Open(path, new DataOptions());
        set.CopyInputs([0], new float[set.ExampleSize]);
    }

    private static byte[] Parquet()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("occam-fuzz-").FullName, "t.parquet");
        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText =
            $"COPY (SELECT i::DOUBLE AS a, [i, i + 1] AS b, i % 2 AS label FROM range(5) t(i)) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        var bytes = File.ReadAllBytes(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return bytes;
    }
}
