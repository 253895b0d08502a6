using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Runs whose files were damaged: each goes on to the same bits or is refused in a line.</summary>
public sealed class DamagedRunTests(ITestOutputHelper output) : IDisposable
{
    private readonly RunMaker _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("checkpoints/step-000000000020.npz", 90)]
    [InlineData("checkpoints/step-000000000014.npz", 15)]
    [InlineData("network.onnx", 30)]
    [InlineData("best.onnx", 15)]
    [InlineData("initial.onnx", 30)]
    [InlineData("metrics.jsonl", 40)]
    [InlineData("log.jsonl", 15)]
    [InlineData("status.json", 30)]
    [InlineData("environment.json", 30)]
    [InlineData("config.yaml", 30)]
    public void A_flipped_bit_leads_to_the_same_bits_or_to_a_refusal(string name, int flips)
    {
        flips = int.TryParse(Environment.GetEnvironmentVariable("OCCAM_FLIPS"), out var asked) ? asked : flips;
        _runs.Train("whole");
        var expected = Ends("whole");
        var bytes = File.ReadAllBytes(In($"whole/{name}"));
        var random = new Random(name.Length);
        var (refused, same) = (0, 0);
        for (var i = 0; i < flips; i++)
        {
            _runs.Copy("whole", "one");

            // Of both ends as many as of what is between: headers, and the zip's central directory.
            var place = (i % 3) switch
            {
                0 => random.Next(Math.Min(bytes.Length, 200)),
                1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 200)),
                _ => random.Next(bytes.Length),
            };
            var damaged = (byte[])bytes.Clone();
            damaged[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(In($"one/{name}"), damaged);
            var told = new List<string>();
            try
            {
                var end = new TrainingRun { Observer = new Nobody(), Damaged = told.Add }.Resume(In("one"));
                Assert.Equal((RunState.Completed, 20L), (end.State, end.Step));
                Assert.True(expected == Ends("one"), $"bit of byte {place} leads to another run");
                Assert.All(told, why => Assert.DoesNotContain('\n', why));
                Assert.True(told.Count > 0 || IsNotRead(name), $"nothing was told of byte {place}");
                same++;
            }
            catch (OccamException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }

        output.WriteLine($"| {name} | {flips} | {same} | {refused} |");

        // What the checkpoints can make whole again is not refused; of the metrics, what came after the older one.
        Assert.Equal(flips, same + refused);
        Assert.True(name is "environment.json" or "config.yaml" ? same == 0
            : name == "metrics.jsonl" ? same > 0 && refused > 0
            : refused == 0);
    }

    [Fact]
    public void Where_no_checkpoint_is_whole_the_run_is_refused_in_a_line()
    {
        _runs.Train("one");
        foreach (var path in Directory.GetFiles(In("one/checkpoints")))
        {
            Flip(path, 0.5);
        }

        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(In("one")));

        Assert.Contains("no checkpoint in", error.Message);
        Assert.Contains("is whole: begin a new run from the run's config.yaml", error.Message);
    }

    [Fact]
    public void What_is_read_of_a_damaged_run_is_refused_and_says_how_to_mend_it()
    {
        _runs.Train("one");
        Flip(In("one/network.onnx"), 0.5);
        Flip(In("one/checkpoints/step-000000000020.npz"), 0.5);
        var run = RunFolder.Open(In("one"));

        Assert.Contains("'occam train --resume", Assert.Throws<OccamException>(() => run.Network()).Message);
        Assert.Contains("its digest does not agree", Assert.Throws<OccamException>(() => run.Restore()).Message);
        Assert.Contains("its digest does not agree", Assert.Throws<OccamException>(
            () => Occam.Networks.Loading.NetworkLoader.Load(In("one/network.onnx"))).Message);
        new TrainingRun { Observer = new Nobody() }.Resume(In("one"));
        _runs.Train("whole");
        Assert.Equal(Ends("whole"), Ends("one"));
    }

    [Fact]
    public void Damaged_rows_are_told_and_left_out()
    {
        _runs.Train("one");
        var lines = File.ReadAllLines(In("one/metrics.jsonl"));
        lines[3] = lines[3].Replace("\"value\":0.", "\"value\":1.");
        File.WriteAllText(In("one/metrics.jsonl"), string.Join('\n', lines) + "\n");
        var (told, run) = (new List<string>(), RunFolder.Open(In("one")));

        Assert.Equal(lines.Length - 1, run.Metrics(told.Add).Count());
        Assert.Contains("metrics.jsonl' is damaged in line 4: its checksum does not agree", Assert.Single(told));
        Assert.Contains("line 4", Assert.Throws<OccamException>(() => run.Metrics().Count()).Message);
    }

    [Fact]
    public void A_run_of_an_older_version_has_no_digests_and_is_read()
    {
        _runs.Train("whole");
        _runs.Copy("whole", "old");
        foreach (var name in new[] { "environment.json", "status.json" })
        {
            var text = File.ReadAllText(In($"old/{name}"));
            text = text[..text.LastIndexOf(",\n  \"digest\"", StringComparison.Ordinal)] + "\n}\n";
            var start = text.IndexOf(",\n  \"digests\"", StringComparison.Ordinal);
            File.WriteAllText(In($"old/{name}"), start < 0 ? text : text[..start] + "\n}\n");
        }

        File.WriteAllLines(
            In("old/metrics.jsonl"),
            File.ReadAllLines(In("old/metrics.jsonl"))
                .Select(line => line[..line.LastIndexOf(",\"crc\"", StringComparison.Ordinal)] + "}"));
        foreach (var path in Directory.GetFiles(In("old"), "*.onnx"))
        {
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^TrailingDigest.OfNetworks.Length]);
        }

        foreach (var path in Directory.GetFiles(In("old/checkpoints")))
        {
            var bytes = File.ReadAllBytes(path)[..^TrailingDigest.OfArchives.Length];
            bytes.AsSpan(bytes.Length - 2).Clear();
            File.WriteAllBytes(path, bytes);
            Rewrite(path);
        }

        File.Delete(In("old/status.json"));
        var newest = File.ReadAllBytes(In("old/checkpoints/step-000000000020.npz"));
        newest[newest.AsSpan().LastIndexOf("NUMPY"u8) + 130] ^= 1;
        File.WriteAllBytes(In("old/checkpoints/step-000000000020.npz"), newest);
        var run = RunFolder.Open(In("old"));
        Assert.Equal(RunFolder.Open(In("whole")).Metrics().Count(), run.Metrics().Count());
        Assert.NotNull(run.Network());
        var told = new List<string>();

        new TrainingRun { Observer = new Nobody(), Damaged = told.Add }.Resume(In("old"));

        Assert.Contains("its checksum does not agree", Assert.Single(told));
        Assert.Equal(File.ReadAllBytes(In("whole/network.onnx")), File.ReadAllBytes(In("old/network.onnx")));
    }

    // As an older version wrote it: without the digest of the metrics.
    private static void Rewrite(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(bytes));
        using var file = File.Create(path);
        using var old = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create);
        foreach (var entry in zip.Entries.Where(entry => entry.Name != $"{Checkpoints.MetricsDigest}.npy"))
        {
            using var content = old.CreateEntry(entry.Name, System.IO.Compression.CompressionLevel.NoCompression).Open();
            using var before = entry.Open();
            before.CopyTo(content);
        }
    }

    private static void Flip(string path, double where)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[(int)(bytes.Length * where)] ^= 16;
        File.WriteAllBytes(path, bytes);
    }

    // All that a run leaves, without its times.
    private string Ends(string name)
    {
        var run = RunFolder.Open(In(name));
        return string.Join('\n', [
            .. new[] { "initial.onnx", "network.onnx", "best.onnx" }.Select(file => TrailingDigest.OfFile(In($"{name}/{file}"))),
            .. run.Metrics().Select(metric => (metric with { Seconds = 0, Elapsed = null }).ToString()),
            string.Join(' ', run.Status.Metrics)]);
    }

    // To go on from the newest checkpoint neither the older one is read, nor the log.
    private static bool IsNotRead(string name) => name == "log.jsonl" || name.EndsWith("14.npz", StringComparison.Ordinal);

    private string In(string name) => _runs.In(name);
}
