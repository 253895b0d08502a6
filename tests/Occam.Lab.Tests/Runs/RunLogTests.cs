using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>What happened to a run stands in its log.</summary>
public sealed class RunLogTests : IDisposable
{
    private readonly RunMaker _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Begun_interrupted_resumed_from_an_older_checkpoint_and_completed()
    {
        var folder = _runs.In("run");
        using (var stop = new CancellationTokenSource())
        {
            var reading = ConfigurationReading.OfText(RunMaker.Small, "run.yaml");
            var stopping = new Stopping(16, stop);
            new TrainingRun { Observer = stopping, Cancellation = stop.Token }.Begin(RunPlan.Make(reading).Plan!, reading, folder);
        }

        var last = Directory.GetFiles(Path.Combine(folder, "checkpoints")).Max(StringComparer.Ordinal)!;
        var bytes = File.ReadAllBytes(last);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(last, bytes);
        new TrainingRun { Observer = new Nobody() }.Resume(folder);

        string[] told = [.. RunLog.Read(folder, Assert.Fail).Select(line => line.What)];
        Assert.Collection(
            told,
            line => Assert.StartsWith("begun by Occam", line),
            line => Assert.Equal("interrupted at step 16", line),
            line => Assert.Contains("the checkpoint before is taken", line),
            line => Assert.StartsWith("resumed from the checkpoint of step 14", line),
            line => Assert.Equal("completed: all 20 steps were taken", line));
    }

    [Fact]
    public void A_line_that_was_cut_short_is_written_over_and_a_damaged_one_is_told_and_left_out()
    {
        var folder = _runs.Train("run");
        var path = Path.Combine(folder, "log.jsonl");
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. whole, .. "{\"at\":\"20"u8]);

        RunLog.Add(folder, "one more");

        Assert.Equal("one more", RunLog.Read(folder, Assert.Fail).Last().What);
        Assert.Equal(whole, File.ReadAllBytes(path)[..whole.Length]);

        var bytes = File.ReadAllBytes(path);
        bytes[20] ^= 1;
        File.WriteAllBytes(path, bytes);
        var problems = new List<string>();
        Assert.Equal(2, RunLog.Read(folder, problems.Add).Count());
        Assert.Contains("is damaged in line 1", Assert.Single(problems));
    }

    [Fact]
    public void A_link_in_its_place_is_not_written_through()
    {
        var folder = _runs.Train("run");
        var path = Path.Combine(folder, "log.jsonl");
        File.Delete(path);
        File.CreateSymbolicLink(path, _runs.In("elsewhere"));

        var refused = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(folder));

        Assert.Contains("is a link", refused.Message);
        Assert.False(File.Exists(_runs.In("elsewhere")));
    }

    private sealed class Stopping(long at, CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnBegin(string folder, Training.Trainer trainer)
        {
        }

        public void OnMetric(Training.Metric metric)
        {
        }

        public void OnStep(Training.Trainer trainer)
        {
            if (trainer.Step == at)
            {
                stop.Cancel();
            }
        }

        public void OnCheckpoint(long step)
        {
        }
    }
}
