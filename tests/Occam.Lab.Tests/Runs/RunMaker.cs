using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>A folder with small runs, in memory where there is a file system in it: each run flushes its files to the disk.</summary>
internal sealed class RunMaker : IDisposable
{
    /// <summary>A run of twenty steps that keeps its best network, and the checkpoints of steps 14 and 20.</summary>
    public const string Small = """
        network: { id: mlp, hidden: [3] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05, momentum: 0.9 }
        batch: 5
        epochs: 5
        seed: 1
        keep-best: test.loss
        checkpoint: 7 steps
        """;

    private const string Memory = "/dev/shm";

    private readonly DirectoryInfo _root = Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, $"occam-runs-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("occam-runs-");

    public string In(string name) => Path.Combine(_root.FullName, name);

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>Trains a run.</summary>
    public string Train(string name, string configuration = Small)
    {
        var reading = ConfigurationReading.OfText(configuration, "run.yaml");
        var (plan, problems) = RunPlan.Make(reading);
        Assert.Empty(problems);
        new TrainingRun { Observer = new Nobody() }.Begin(plan!, reading, In(name));
        return In(name);
    }

    /// <summary>Copies a run, in the place of what is there.</summary>
    public string Copy(string from, string to)
    {
        if (Directory.Exists(In(to)))
        {
            Directory.Delete(In(to), recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(In(from), "*", SearchOption.AllDirectories))
        {
            var copy = In(Path.Combine(to, Path.GetRelativePath(In(from), file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return In(to);
    }
}
