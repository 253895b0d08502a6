using System.IO.Compression;
using Occam.Lab.Runs.Store;
using Occam.Training;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Checkpoints whose bytes are in order and whose content can't be: the one before is taken.</summary>
public sealed class ForgedCheckpointTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [3] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: adam, learning-rate: 0.05 }
        batch: 5
        epochs: 5
        seed: 1
        keep-best: test.loss
        checkpoint: 7 steps
        """;

    private static readonly Dictionary<string, Action<StateArchive>> s_forgeries = new()
    {
        ["an order of one example"] = state => state.Write("feed.order", new int[20]),
        ["an order of examples that aren't there"] = state => state.Write("feed.order", [.. Enumerable.Repeat(int.MaxValue, 20)]),
        ["an order of a few"] = state => state.Write("feed.order", new[] { 0, 1 }),
        ["a position before the first"] = state => state.Write("feed.position", [-5]),
        ["a position within the epoch"] = state => state.Write("feed.position", [10]),
        ["no position"] = state => state.Write<int>("feed.position", []),
        ["random numbers of zeros"] = state => state.Write("feed.random", new ulong[30]),
        ["few random numbers"] = state => state.Write("feed.random", new ulong[7]),
        ["a step before the first"] = state => Change(state, 0, long.MinValue / 2),
        ["a step after the last"] = state => Change(state, 0, long.MaxValue / 2),
        ["another step"] = state => Change(state, 0, 16),
        ["an end that there isn't"] = state => Change(state, 4, 77),
        ["an interruption"] = state => Change(state, 4, (long)TrainingEnd.Interrupted),
        ["no end"] = state => Change(state, 4, (long)TrainingEnd.None),
        ["examples of no epoch"] = state => Change(state, 2, 3),
        ["steps of no epoch"] = state => Change(state, 3, -1),
        ["more that is right than there is"] = state => Change(state, 1, 3),
        ["few counts"] = state => state.Write("trainer.step", new[] { 20L }),
        ["an engine's step"] = state => state.Write("engine.steps", [-1L]),
        ["few weights"] = state => state.Write("weight.layer1.weight", new float[2]),
        ["weights that are no numbers"] = state => state.Write("weight.layer1.weight", [float.NaN, 0, 0]),
        ["few moments"] = state => state.Write("optimizer1.layer1.weight", new float[1]),
        ["moments of another type"] = state => state.Write("optimizer0.layer1.weight", new double[3]),
        ["a mean of squares below zero"] = state => Change(state, "optimizer1.layer1.bias", -1e-20f),
        ["a mean of squares that is no number"] = state => Change(state, "optimizer1.layer1.bias", float.NaN),
        ["a moment without end"] = state => Change(state, "optimizer0.layer1.bias", float.PositiveInfinity),
        ["no loss"] = state => state.Write("trainer.loss", [double.NaN, 0]),
        ["a sum of no losses"] = state => state.Write("trainer.loss", [0.5, 0.5]),
        ["evaluations below zero"] = state => state.Write("stop.looks", [long.MinValue]),
        ["evaluations without end"] = state => state.Write("stop.looks", [long.MaxValue]),
        ["a best after the last step"] = state => state.Write("best.metric", [21.0, 1, 1]),
        ["a best without a value"] = state => state.Write("best.metric", [2.0]),
        ["a best of another epoch"] = state => state.Write("best.metric", [4.0, 3, 1]),
        ["a best within a step"] = state => state.Write("best.metric", [4.5, 4.5 / 4, 1]),
        ["a best whose weights are no numbers"] = state => state.Write("best.weight.layer1.bias", [double.NaN, 0, 0]),
        ["a best with few weights"] = state => state.Write("best.weight.layer1.bias", new double[2]),
        ["the best of another network"] = state => state.Write("best.weight.other", [2.0]),
        ["rows below zero"] = state => state.Write(Checkpoints.Rows, [-3L]),
        ["seconds without end"] = state => state.Write(Checkpoints.Seconds, [double.PositiveInfinity]),
        ["no seconds"] = state => state.Write<double>(Checkpoints.Seconds, []),
    };

    private readonly RunMaker _runs = new();

    public static TheoryData<string> Forgeries => [.. s_forgeries.Keys];

    public void Dispose() => _runs.Dispose();

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_state_that_cannot_be_is_passed_over(string forgery)
    {
        var (whole, run) = Runs();
        var state = StateArchive.Load(Last(run));
        s_forgeries[forgery](state);
        state.Save(Last(run));
        Assert.Contains("checkpoint", AssertPassedOver(whole, run));
    }

    [Fact]
    public void A_checkpoint_without_a_digest_is_passed_over_where_the_run_has_digests()
    {
        var (whole, run) = Runs();
        WithoutDigest(Last(run));
        Assert.Contains("it has no digest", AssertPassedOver(whole, run));
    }

    [Fact]
    public void A_checkpoint_of_another_step_is_passed_over()
    {
        var (whole, run) = Runs();
        File.Copy(Path.Combine(run, "checkpoints", "step-000000000014.npz"), Last(run), overwrite: true);
        Assert.Contains("holds the state of another step than its name says", AssertPassedOver(whole, run));
    }

    [Fact]
    public void Where_no_state_can_be_the_run_is_refused()
    {
        var (_, run) = Runs();
        foreach (var path in Directory.GetFiles(Path.Combine(run, "checkpoints")))
        {
            var state = StateArchive.Load(path);
            state.Write("feed.random", new ulong[30]);
            state.Save(path);
        }

        var before = Directory.GetFiles(run, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(run));
        Assert.Contains("no checkpoint in", error.Message);
        Assert.Equal(2, RunLog.Read(run, Assert.Fail).Count(line => line.What.Contains("the checkpoint before is taken")));
        Assert.All(
            before.Where(pair => Path.GetFileName(pair.Key) != "log.jsonl"),
            pair => Assert.Equal(pair.Value, File.ReadAllBytes(pair.Key)));
    }

    [Theory]
    [InlineData("array.npy", "it has the array 'array.npy' twice")]
    [InlineData("array.npz", "'array.npz' is no array")]
    public void An_archive_with_two_arrays_of_one_name_is_refused(string second, string why)
    {
        var path = Twice(second);
        Assert.Contains(why, Assert.Throws<OccamException>(() => StateArchive.Load(path)).Message);
    }

    [Fact]
    public void A_folder_is_a_part_of_an_array_s_name()
    {
        var archive = StateArchive.Load(Twice("x/array.npy"));
        Assert.Equal([1.0], archive.Read<double>("array"));
        Assert.Equal([2.0], archive.Read<double>("x/array"));
        archive.Save(_runs.In("again.npz"));
        Assert.Equal([2.0], StateArchive.Load(_runs.In("again.npz")).Read<double>("x/array"));
    }

    [Fact]
    public void An_archive_that_unpacks_to_more_than_the_file_is_refused()
    {
        var path = _runs.In("bomb.npz");
        using (var file = File.Create(path))
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            for (var i = 0; i < 100; i++)
            {
                using var content = zip.CreateEntry($"{i}.npy").Open();
                content.Write(Array(0, new double[1000]));
            }
        }

        Assert.Contains("its length is", Assert.Throws<OccamException>(() => StateArchive.Load(path)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(4097)]
    [InlineData(int.MaxValue)]
    public void A_number_of_threads_that_cannot_be_is_refused(int threads)
    {
        var (_, run) = Runs();
        var path = Path.Combine(run, "environment.json");
        var text = File.ReadAllText(path);
        text = System.Text.RegularExpressions.Regex.Replace(text, "\"threads\": \\d+", $"\"threads\": {threads}");
        File.WriteAllText(path, text[..text.IndexOf(",\n  \"digests\"", StringComparison.Ordinal)] + "\n}\n");
        var error = Assert.Throws<OccamException>(() => RunFolder.Open(run));
        Assert.Contains($"{threads} threads can't be: expected 1 to 4,096", error.Message);
        Assert.Contains("threads can't be", Assert.Single(RunCheck.Of(run), file => file.File == "environment.json").What);
    }

    private static void Change(StateArchive state, string name, float value)
    {
        var numbers = state.Read<float>(name);
        numbers[1] = value;
        state.Write(name, numbers);
    }

    private static void Change(StateArchive state, int which, long value)
    {
        var counts = state.Read<long>("trainer.step");
        counts[which] = value;
        state.Write("trainer.step", counts);
    }

    private static string Last(string run) => Path.Combine(run, "checkpoints", "step-000000000020.npz");

    private static void WithoutDigest(string path)
    {
        var bytes = File.ReadAllBytes(path)[..^TrailingDigest.OfArchives.Length];
        bytes.AsSpan(bytes.Length - 2).Clear();
        File.WriteAllBytes(path, bytes);
    }

    // A run and a copy of it that is to be forged: without its status, by which what is forged would be known.
    private (string Whole, string Run) Runs()
    {
        var (whole, run) = (_runs.Train("whole", Small), _runs.Copy("whole", "one"));
        File.Delete(Path.Combine(run, "status.json"));
        return (whole, run);
    }

    private static string AssertPassedOver(string whole, string run)
    {
        var told = new List<string>();
        var end = new TrainingRun { Observer = new Nobody(), Damaged = told.Add }.Resume(run);

        Assert.Equal((RunState.Completed, 20L), (end.State, end.Step));
        Assert.All(new[] { "network.onnx", "best.onnx" }, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(run, name))));
        Assert.All(RunCheck.Of(run), file => Assert.True(file.IsWhole, $"{file.File}: {file.What}"));
        var why = Assert.Single(told);
        Assert.EndsWith("the checkpoint before is taken", why);
        Assert.DoesNotContain("is whole", why);
        Assert.DoesNotContain("Parameter", why);
        return why;
    }

    private string Twice(string second)
    {
        var path = _runs.In("twice.npz");
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (name, value) in new[] { ("array.npy", 1.0), (second, 2.0) })
        {
            using var content = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            content.Write(Array(value));
        }

        return path;
    }

    // An array as the archive writes it.
    private byte[] Array(double value, double[]? values = null)
    {
        var archive = new StateArchive();
        archive.Write("array", values ?? [value]);
        var path = _runs.In("array.npz");
        archive.Save(path);
        using var zip = ZipFile.OpenRead(path);
        using var content = zip.Entries[0].Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
