using System.Collections.Immutable;
using System.Diagnostics;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>A store with two runs that were trained by the program, and a third that goes on for as long as a test wants.</summary>
public sealed class TrainedStore : IDisposable
{
    /// <summary>What its runs were trained by.</summary>
    public const string Configuration = """
        network: { id: mlp, hidden: [16] }
        data: { train: "glyphs:train", test: "glyphs:test", limit: 200, test-limit: 100 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.1 }
        batch: 20
        epochs: 3
        seed: 0
        threads: 1
        probes:
          - { measure: geometric-complexity, every: 1 epoch, limit: 20 }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-trained-");
    private readonly List<Process> _going = [];

    public TrainedStore()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "run.yaml"), Configuration);
        Train("slow", "--set", "optimizer.learning-rate=0.01");
        Train("fast");
    }

    public static ImmutableArray<string> Program { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Occam.Cli.dll")];

    public string Root => Path.Combine(_folder.FullName, "runs");

    public UiOptions Options => new(Root) { Program = Program, Control = true };

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    /// <summary>Ends the trainings that go on, without a word.</summary>
    public void Kill()
    {
        foreach (var process in _going)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _going.Clear();
    }

    /// <summary>Begins a training that would take a day, which ends with the store.</summary>
    public void TrainOn(string name)
    {
        var process = Start(name, "--set", "epochs=1000000");
        _going.Add(process);
        Assert.True(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(Root, name, "status.json")), TimeSpan.FromMinutes(1)), "nothing is trained");

        // From now on it takes what others leave of the processors, of which it would take all there is.
        process.PriorityClass = ProcessPriorityClass.BelowNormal;
    }

    private void Train(string name, params string[] more)
    {
        using var process = Start(name, more);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    private Process Start(string name, params string[] more) => Process.Start(new ProcessStartInfo(
        Program[0], [Program[1], "train", "run.yaml", "--out", Path.Combine("runs", name), .. more])
    {
        WorkingDirectory = _folder.FullName,
        RedirectStandardError = true,
        RedirectStandardOutput = true,
        RedirectStandardInput = true,
    })!;
}
