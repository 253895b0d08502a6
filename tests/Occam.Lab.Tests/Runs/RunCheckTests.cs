using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.TensorBoard;
using Occam.Training;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class RunCheckTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [3] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 5
        epochs: 5
        seed: 1
        evaluate: 1 steps
        keep-best: test.loss
        checkpoint: 7 steps
        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("occam-check-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_flipped_bit_in_any_file_is_told_of_that_file()
    {
        var run = Train(new Nobody());
        Assert.All(RunCheck.Of(run), file => Assert.True(file.IsWhole, $"{file.File}: {file.What}"));
        string[] names =
            [.. Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(run, path))];
        Assert.Equal(names.Order(StringComparer.Ordinal), RunCheck.Of(run).Select(file => file.File).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var path = Path.Combine(run, name);
            var bytes = File.ReadAllBytes(path);
            foreach (var place in new[] { 3, bytes.Length / 2, bytes.Length - 3 })
            {
                bytes[place] ^= 4;
                File.WriteAllBytes(path, bytes);
                bytes[place] ^= 4;
                var damaged = RunCheck.Of(run).Where(file => !file.IsWhole).Select(file => file.File).ToArray();
                Assert.True(damaged.Contains(name), $"byte {place} of {name}: {string.Join(", ", damaged)}");
            }

            File.WriteAllBytes(path, bytes);
        }

        File.Delete(Path.Combine(run, "initial.onnx"));
        var missing = Assert.Single(RunCheck.Of(run), file => !file.IsWhole);
        Assert.Equal(("initial.onnx", "it is missing: train --resume makes it anew from the configuration"), (missing.File, missing.What));
    }

    [Fact]
    public void Event_files_have_all_that_the_checkpoint_knows_of()
    {
        var counts = new List<(long Events, long Rows)>();
        var folder = Path.Combine(_root.FullName, "run");
        Train(new AtCheckpoints(() => counts.Add((
            EventRecords.Count(Assert.Single(Directory.GetFiles(Path.Combine(folder, "tensorboard")))).Whole,
            File.ReadLines(Path.Combine(folder, "metrics.jsonl")).LongCount()))));

        // The version of the file and the beginning of the session come before.
        Assert.Equal(4, counts.Count);
        Assert.All(counts, count => Assert.Equal(count.Rows + 2, count.Events));
    }

    [Fact]
    public void Whole_files_are_said_to_agree_with_their_digests()
    {
        var run = Train(new Nobody());
        Assert.All(
            RunCheck.Of(run).Where(file => Path.GetExtension(file.File) is ".json" or ".yaml" or ".onnx"),
            file => Assert.Equal("its digest agrees", file.What));
    }

    [Theory]
    [InlineData("{}", "it lacks 'state'")]
    [InlineData("null", "nothing is there")]
    [InlineData("[]", "line 1, byte 2: something else is expected here")]
    [InlineData("{\"state\": }", "line 1, byte 11: '}' is an invalid start of a value")]
    [InlineData("""{"state": "running", "step": "seven"}""", "'$.step' is something else than expected")]
    public void A_status_that_is_none_is_refused(string json, string why)
    {
        var run = Older(Train(new Nobody()));
        File.WriteAllText(Path.Combine(run, "status.json"), json);
        Assert.Contains(why, Assert.Throws<OccamException>(() => RunFolder.Open(run).Status).Message);
        Assert.Contains(why, Assert.Single(RunCheck.Of(run), file => !file.IsWhole).What);
    }

    [Theory]
    [InlineData("""{"state": "interrupted"}""")]
    [InlineData("""{"state": "interrupted", "why": null, "engine": null, "metrics": null, "probeSeconds": null}""")]
    public void What_a_status_leaves_out_is_empty(string json)
    {
        var run = Older(Train(new Nobody()));
        File.WriteAllText(Path.Combine(run, "status.json"), json);
        var status = RunFolder.Open(run).Status!;
        Assert.Equal(("", ""), (status.Why, status.Engine));
        Assert.Empty(status.Metrics);
        Assert.Empty(status.ProbeSeconds);
    }

    [Fact]
    public void An_origin_that_leaves_something_out_is_refused()
    {
        var run = Train(new Nobody());
        File.WriteAllText(Path.Combine(run, "environment.json"), """{"device": "cpu"}""");
        var damaged = RunCheck.Of(run).First();
        Assert.Equal(("environment.json", false), (damaged.File, damaged.IsWhole));
        Assert.Contains("it lacks 'environment', 'threads'", damaged.What);
    }

    // Of a version whose files had no digests: one without is read.
    private static string Older(string run)
    {
        var path = Path.Combine(run, "environment.json");
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text[..text.IndexOf(",\n  \"digests\"", StringComparison.Ordinal)] + "\n}\n");
        return run;
    }

    private string Train(ITrainingObserver observer)
    {
        var folder = Path.Combine(_root.FullName, "run");
        var reading = ConfigurationReading.OfText(Small, "run.yaml");
        var (plan, problems) = RunPlan.Make(reading);
        Assert.Empty(problems);
        new TrainingRun { Observer = observer, TensorBoard = true }.Begin(plan!, reading, folder);
        return folder;
    }

    private sealed class AtCheckpoints(Action look) : ITrainingObserver
    {
        public void OnBegin(string folder, Trainer trainer)
        {
        }

        public void OnMetric(Metric metric)
        {
        }

        public void OnStep(Trainer trainer)
        {
        }

        public void OnCheckpoint(long step) => look();
    }
}
