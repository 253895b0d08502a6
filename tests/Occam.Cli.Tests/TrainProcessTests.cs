using System.Diagnostics;
using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Training as a process that is killed, interrupted, run twice, or runs out of disk.</summary>
public sealed class TrainProcessTests : IDisposable
{
    private const string Dense = """
        network: { id: mlp, hidden: [16, 16], dropout: 0.2 }
        data: { train: glyphs:train, test: glyphs:test, limit: 300, test-limit: 50 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.02, momentum: 0.9 }
        schedule: { id: cosine, warm-up: 5 }
        batch: 20
        epochs: 8
        label-noise: { fraction: 0.2, redrawn: true }
        trajectory: true
        trajectory-window: 7
        evaluate: 5 steps
        probes:
          - { measure: margin, on: test, every: 10 per decade }
        keep-best: test.loss
        checkpoint: 3 steps
        """;

    private const string Convolutional = """
        network: { id: cnn, channels: [4, 4], batch-norm: true }
        data: { train: glyphs:train, test: glyphs:test, limit: 100, test-limit: 20 }
        loss: cross-entropy
        optimizer: { id: adam, learning-rate: 0.01 }
        batch: 10
        steps: 60
        input-noise: 0.1
        augmentation: { crop: 2, flip: true }
        evaluate: 2 epochs
        checkpoint: 2 steps
        """;

    private const string OneExampleAStep = """
        network: { id: mlp, hidden: [16, 16], first-layer: identity }
        data: { id: waves, frequency: 0.5, train: 50, test: 10, inputs: 4 }
        loss: half-squared-error
        optimizer: { id: sgd, learning-rate: 0.005 }
        batch: 1
        replacement: true
        epochs: 300
        frozen: layer1.weight
        trajectory: true
        trajectory-window: 130
        evaluate: 10 epochs
        checkpoint: 100 steps
        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(Dense, 5, 14, 31, 80)]
    [InlineData(Convolutional, 21)]
    [InlineData(OneExampleAStep, 1, 4000)]
    public async Task A_run_killed_at_several_moments_ends_bit_identical_to_one_that_was_not(string configuration, params int[] steps)
    {
        var (whole, killed) = (_place.In("whole"), _place.In("killed"));
        File.WriteAllText(_place.In("run.yaml"), configuration);
        Assert.Equal(ExitCode.Success, await Train(_place.In("run.yaml"), "--out", whole));

        await KillAt(killed, 0, _place.In("run.yaml"), "--out", killed);
        foreach (var step in steps)
        {
            await KillAt(killed, step, "--resume", killed);
            Assert.Equal(RunState.Killed, RunFolder.Open(killed).Status.State);
        }

        Assert.Equal(ExitCode.Success, await Train("--resume", killed));
        AssertSame(whole, killed);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public async Task An_interrupted_run_writes_a_checkpoint_says_how_to_go_on_and_ends_as_if_it_had_not_been(string signal, int code)
    {
        IgnoredSignals.Skip(signal);
        var (whole, interrupted) = (_place.In("whole"), _place.In("interrupted"));
        File.WriteAllText(_place.In("run.yaml"), Dense.Replace("checkpoint: 3 steps", "checkpoint: ends"));
        Assert.Equal(ExitCode.Success, await Train(_place.In("run.yaml"), "--out", whole));

        using var process = Start(_place.In("run.yaml"), "--out", interrupted);
        await Until(() => File.Exists(Path.Combine(interrupted, "checkpoints", "step-000000000000.npz")), process);
        Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, process.ExitCode);
        Assert.Contains($"go on with: occam train --resume {interrupted}", error);
        var status = RunFolder.Open(interrupted).Status;
        Assert.Equal((RunState.Interrupted, status.Step), (status.State, status.Checkpoint));
        Assert.Equal(ExitCode.Success, await Train("--resume", interrupted));
        AssertSame(whole, interrupted);
    }

    [Fact]
    public async Task A_folder_that_another_process_trains_in_is_refused()
    {
        var folder = _place.In("run");
        File.WriteAllText(_place.In("run.yaml"), Dense.Replace("epochs: 8", "epochs: 100000"));
        using var process = Start(_place.In("run.yaml"), "--out", folder);
        await Until(() => RunFolder.IsRun(folder), process);

        var resumed = Workplace.Run("train", "--resume", folder);
        var again = Workplace.Run("train", _place.In("run.yaml"), "--out", folder);
        var state = RunFolder.Open(folder).Status.State;
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RunState.Running, state);
        Assert.All([resumed, again], outcome =>
        {
            Assert.Equal(ExitCode.UserError, outcome.Code);
            Assert.Contains("is in use", outcome.Error);
        });
        Assert.Equal(RunState.Killed, RunFolder.Open(folder).Status.State);
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_with_a_word_and_its_last_checkpoint_whole()
    {
        var mount = _place.In("small");
        Directory.CreateDirectory(mount);
        File.WriteAllText(_place.In("run.yaml"), Convolutional.Replace("evaluate: 2 epochs", "evaluate: 1 steps"));
        File.WriteAllText(_place.In("fill.sh"), $"""
            mount -t tmpfs -o size=300k none '{mount}' || exit 77
            dotnet '{Program}' train '{_place.In("run.yaml")}' --out '{mount}/run' --set steps=100000 --set checkpoint='1 steps' &
            until compgen -G '{mount}/run/checkpoints/step-*[1-9].npz' > /dev/null; do kill -0 $! || break; done
            head -c 300000 /dev/zero > '{mount}/filler' 2>/dev/null
            wait $!; code=$?
            rm '{mount}/filler'
            cp -r '{mount}/run' '{_place.In("saved")}'
            exit $code
            """);
        using var process = Process.Start(new ProcessStartInfo(
            "unshare", ["-rm", "/bin/bash", _place.In("fill.sh")])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode is 77 or 1, "This user may not mount a small disk.");

        Assert.Equal(ExitCode.UserError, process.ExitCode);
        Assert.Contains("No space left on device", error);
        Assert.Contains($"go on with occam train --resume {mount}/run", error);
        var run = RunFolder.Open(_place.In("saved"));
        var (_, trainer) = run.Restore();
        Assert.True(trainer.Step >= 1);
        trainer.TakeStep();
        trainer.Dispose();
    }

    private static string Program => typeof(CommandLine).Assembly.Location;

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(
            "dotnet", [Program, "train", .. arguments, "--threads", "1"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static async Task<int> Train(params string[] arguments)
    {
        using var process = arguments[0] == "--resume"
            ? Process.Start(new ProcessStartInfo(
                "dotnet", [Program, "train", .. arguments])
            { RedirectStandardError = true, RedirectStandardOutput = true })!
            : Start(arguments);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error);
        return process.ExitCode;
    }

    private static async Task KillAt(string folder, int step, params string[] arguments)
    {
        using var process = arguments[0] == "--resume"
            ? Process.Start(new ProcessStartInfo(
                "dotnet", [Program, "train", .. arguments])
            { RedirectStandardError = true, RedirectStandardOutput = true })!
            : Start(arguments);
        await Until(() => step == 0 ? RunFolder.IsRun(folder) : LastCheckpoint(folder) >= step, process);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, process.ExitCode);
    }

    private static long LastCheckpoint(string folder) =>
        Directory.Exists(Path.Combine(folder, "checkpoints"))
            ? Directory.EnumerateFiles(Path.Combine(folder, "checkpoints"), "*.npz")
                .Select(path => long.Parse(Path.GetFileNameWithoutExtension(path)[5..]))
                .DefaultIfEmpty(-1)
                .Max()
            : -1;

    // Waits for what the process brings about; a process that ended instead fails the test.
    private static async Task Until(Func<bool> holds, Process process)
    {
        while (!holds())
        {
            Assert.False(process.HasExited, process.HasExited ? process.StandardError.ReadToEnd() : "");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static void AssertSame(string expected, string actual)
    {
        foreach (var name in Directory.EnumerateFiles(expected, "*.onnx").Select(Path.GetFileName))
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, name!)), File.ReadAllBytes(Path.Combine(actual, name!)));
        }

        Assert.Equal(
            RunFolder.Open(expected).Metrics().Select(metric => metric with { Seconds = 0, Elapsed = null }),
            RunFolder.Open(actual).Metrics().Select(metric => metric with { Seconds = 0, Elapsed = null }));

        // The clock of a run that was resumed goes on where its checkpoint left it.
        Assert.All((string[])[expected, actual], folder =>
        {
            double[] elapsed = [.. RunFolder.Open(folder).Metrics().Select(metric => metric.Elapsed ?? double.NaN)];
            Assert.InRange(elapsed[0], 0, elapsed[^1]);
            Assert.Equal(elapsed.Order(), elapsed);
            Assert.InRange(elapsed[^1], elapsed[0], RunFolder.Open(folder).Status.Seconds);
        });
        var (before, after) = (RunFolder.Open(expected).Status, RunFolder.Open(actual).Status);
        Assert.Equal((RunState.Completed, before.Step), (after.State, after.Step));
        Assert.Equal(before.Metrics, after.Metrics);
    }
}
