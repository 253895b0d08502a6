using Occam.Cli.Running;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>A real Slurm: what is killed, waits, or runs out of time loses nothing, and the bits are those of this machine alone.</summary>
public sealed class SlurmTests : IDisposable
{
    private const string Base = """
        network: { id: mlp, hidden: [128, 128] }
        data: { train: glyphs:train, test: glyphs:test, limit: 500, test-limit: 50 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.01 }
        batch: 64
        steps: 5000
        checkpoint: 250 steps
        """;

    private const string Sweep = """
        base: base.yaml
        seeds: 2
        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_task_that_is_killed_waits_for_a_node_or_runs_out_of_time_loses_nothing()
    {
        using var cluster = new SlurmCluster();
        Write("base.yaml", Base);
        Write("sweep.yaml", Sweep);
        Write("cluster.yaml", "{ time: 10, poll: 0.3, setup: ['echo a task begins'] }");
        var folder = _place.In("sweep");
        string Status(string run) => Path.Combine(folder, run, "status.json");

        var sweep = Task.Run(() => Workplace.Run(
            "sweep", _place.In("sweep.yaml"), "--out", folder, "--on", "slurm", "--cluster", _place.In("cluster.yaml")));
        SlurmCluster.Until(() => File.Exists(Status("001")) && SlurmCluster.Running.Length > 0, sweep);
        var first = SlurmCluster.Running.First(task => task.EndsWith("_1", StringComparison.Ordinal));
        SlurmCluster.Run("scontrol", "update", $"nodename={cluster.Node}", "state=drain", "reason=test");
        SlurmCluster.Run("scancel", "--signal=KILL", "--batch", first);
        SlurmCluster.Until(() => !SlurmCluster.Running.Contains(first));

        // It waits for the node to come back.
        SlurmCluster.Until(() => SlurmCluster.Run("squeue", "--noheader", "--states=PENDING").Length > 0, sweep);
        SlurmCluster.Run("scontrol", "update", $"nodename={cluster.Node}", "state=resume");
        SlurmCluster.Until(() => SlurmCluster.Running.Length > 0, sweep);

        // What Slurm sends before the time is over.
        SlurmCluster.Run("scancel", "--signal=TERM", "--batch", SlurmCluster.Running[0]);
        var outcome = await sweep;

        Assert.True(outcome.Code == ExitCode.Success, outcome.Error);
        Assert.Contains("001: cut off", outcome.Error);
        Assert.True(Directory.EnumerateFiles(Path.Combine(folder, "slurm"), "*.log").Count() >= 4);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(folder, "slurm"), "*.log"),
            log => Assert.StartsWith("a task begins", File.ReadAllText(log)));
        var local = _place.In("local");
        Assert.Equal(ExitCode.Success, Workplace.Run("sweep", _place.In("sweep.yaml"), "--out", local).Code);
        foreach (var run in new[] { "001", "002" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(local, run, "network.onnx")), File.ReadAllBytes(Path.Combine(folder, run, "network.onnx")));
        }

        string[] measure = ["measure", _place.Mlp(), "--data", _place.Points("points.npz", 40), "--batch", "4", "--json"];
        var shards = Workplace.Run(
            [.. measure, "--shards", "3", "--parts", _place.In("parts"), "--on", "slurm", "--cluster", _place.In("cluster.yaml")]);
        Assert.Equal(Workplace.Run(measure).Output, shards.Output);
    }

    [Fact]
    public void A_cluster_file_is_checked_and_its_mistakes_told_with_their_lines()
    {
        Write("sweep.yaml", Sweep);
        Write("base.yaml", Base);
        string Refusal(string yaml, params string[] more)
        {
            Write("cluster.yaml", yaml);
            var outcome = Workplace.Run(
                ["sweep", _place.In("sweep.yaml"), "--on", "slurm", "--cluster", _place.In("cluster.yaml"), .. more]);
            Assert.Equal(ExitCode.UserError, outcome.Code);
            return outcome.Error;
        }

        Assert.Contains("'partition'", Refusal("time: 5\npartitoin: gpu"));
        Assert.Contains("cluster.yaml:2", Refusal("time: 5\ncpus: many"));
        Assert.Contains("cpus: 0 can't be", Refusal("cpus: 0"));
        Assert.Contains("throttle is the most tasks", Refusal("cpus: 1", "--jobs", "2"));
        Assert.Contains("--on nowhere", Workplace.Run("sweep", _place.In("sweep.yaml"), "--on", "nowhere").Error);
    }

    private void Write(string name, string text) => File.WriteAllText(_place.In(name), text);
}
