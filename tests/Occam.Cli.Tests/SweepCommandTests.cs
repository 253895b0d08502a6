using System.Diagnostics;
using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Sweeps of a few tiny trainings, with child processes of this program.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private const string Base = """
        network: { id: mlp, hidden: [8] }
        data: { train: glyphs:train, test: glyphs:test, limit: 100, test-limit: 50 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 20
        epochs: 6
        checkpoint: 5 steps
        """;

    private const string Sweep = """
        base: base.yaml
        grid:
          optimizer.learning-rate: [0.05, 0.2]
        seeds: 2
        """;

    private readonly Workplace _place = new();

    public SweepCommandTests()
    {
        File.WriteAllText(_place.In("base.yaml"), Base);
        File.WriteAllText(_place.In("sweep.yaml"), Sweep);
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_sweep_trains_each_run_as_it_would_be_alone_and_only_once()
    {
        var folder = _place.In("sweep");
        var outcome = Workplace.Run("sweep", _place.In("sweep.yaml"), "--out", folder);

        Assert.True(outcome.Code == ExitCode.Success, outcome.Error);
        Assert.Equal(["001", "002", "003", "004"], Runs(folder));
        var plan = SweepFolder.Open(folder).Plan;
        Assert.Equal(["optimizer.learning-rate"], plan.Keys);
        Assert.Equal(("0.2", 1), (plan.Runs[3].Settings[0].Value, plan.Runs[3].Seed));
        Assert.Matches(@"(?s)004\s+0\.2\s+1\s+completed", outcome.Output);

        var alone = _place.In("alone");
        Assert.Equal(
            ExitCode.Success, Workplace.Run(
                "train", _place.In("base.yaml"), "--set", "optimizer.learning-rate=0.2", "--set", "seed=1", "--threads", "1", "--out",
                alone).Code);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(alone, "network.onnx")), File.ReadAllBytes(Path.Combine(folder, "004", "network.onnx")));

        var before = Written(folder);
        Assert.Equal(ExitCode.Success, Workplace.Run("sweep", folder).Code);
        Assert.Equal(before, Written(folder));

        // A damaged status is written anew; another base would be another sweep.
        Flip(Path.Combine(folder, "002", "status.json"));
        Assert.Equal(ExitCode.DamageFound, Workplace.Run("runs", "check", "--root", folder).Code);
        Assert.Equal(ExitCode.Success, Workplace.Run("sweep", folder).Code);
        Assert.Equal(ExitCode.Success, Workplace.Run("runs", "check", "--root", folder).Code);
        Flip(Path.Combine(folder, "base.yaml"));
        var (refused, told) = (Workplace.Run("sweep", folder), Workplace.Run("runs", "check", "--root", folder, "--json"));
        Assert.Equal((ExitCode.UserError, ExitCode.DamageFound), (refused.Code, told.Code));
        Assert.Contains("base.yaml' is damaged or was changed", refused.Error);
        Assert.Contains("the sweep can't go on", told.Output);
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("INT", 130)]
    public async Task A_sweep_that_was_stopped_goes_on_and_ends_as_if_it_had_not_been(string signal, int code)
    {
        IgnoredSignals.Skip(signal);
        File.WriteAllText(_place.In("long.yaml"), "base: long-base.yaml\nseeds: 2");
        File.WriteAllText(_place.In("long-base.yaml"), Base.Replace("epochs: 6", "epochs: 60"));
        var stopped = _place.In("stopped");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(CommandLine).Assembly.Location, "sweep", _place.In("long.yaml"), "--out", stopped, "--jobs", "1"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        while (!File.Exists(Path.Combine(stopped, "001", "network.onnx")))
        {
            Assert.False(process.HasExited);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, process.ExitCode);

        Assert.Equal(ExitCode.Success, Workplace.Run("sweep", stopped).Code);
        Assert.All(["001", "002"], run =>
        {
            var whole = _place.In(run);
            Assert.Equal(ExitCode.Success, Workplace.Run(
                "train", _place.In("long-base.yaml"), "--set", $"seed={(run == "001" ? 0 : 1)}", "--threads", "1", "--out", whole).Code);
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(whole, "network.onnx")), File.ReadAllBytes(Path.Combine(stopped, run, "network.onnx")));
        });
    }

    [Fact]
    public void A_run_that_diverges_and_one_that_fails_are_told_of_and_the_others_end()
    {
        File.WriteAllText(_place.In("wild.yaml"), """
            base: base.yaml
            list:
              - { optimizer.learning-rate: 0.05 }
              - { optimizer.learning-rate: 1.0e+30 }
              - { optimizer.learning-rate: 0.1 }
            """);
        var folder = _place.In("wild");
        Assert.Equal(ExitCode.RunsFailed, Workplace.Run("sweep", _place.In("wild.yaml"), "--out", folder).Code);

        // A file where a run's folder should be.
        Directory.Delete(Path.Combine(folder, "003"), recursive: true);
        File.WriteAllText(Path.Combine(folder, "003"), "");
        var outcome = Workplace.Run("sweep", folder);

        Assert.Equal(ExitCode.RunsFailed, outcome.Code);
        Assert.Matches(
            @"(?s)001.*completed.*002.*diverged.*003.*failed.*Failed.*002 \(optimizer\.learning-rate 1\.0e\+30\): the loss was"
                + ".*003.*can't write",
            outcome.Output);
        File.Delete(Path.Combine(folder, "003"));
        Assert.Matches(@"(?s)002.*diverged.*003.*completed", Workplace.Run("sweep", folder).Output);
    }

    [Fact]
    public void Random_settings_are_the_same_again_and_within_their_ranges()
    {
        File.WriteAllText(_place.In("random.yaml"), """
            base: base.yaml
            random:
              count: 30
              keys:
                optimizer.learning-rate: { from: 0.001, to: 0.1, log: true }
                batch: { from: 1, to: 3, whole: true }
                network.activation: [relu, tanh]
            """);
        var plan = SweepReading.OfFile(_place.In("random.yaml")).Plan;

        Assert.Equal(30, plan.Runs.Length);
        Assert.Equal(plan.Runs.Select(run => run.Description), SweepReading
            .OfFile(_place.In("random.yaml")).Plan.Runs
            .Select(run => run.Description));
        Assert.All(
            plan.Runs,
            run => Assert.InRange(double.Parse(run.Settings[0].Value, System.Globalization.CultureInfo.InvariantCulture), 0.001, 0.1));
        Assert.Equal(["1", "2", "3"], plan.Runs.Select(run => run.Settings[1].Value).Distinct().Order());
        Assert.Equal(["relu", "tanh"], plan.Runs.Select(run => run.Settings[2].Value).Distinct().Order());
    }

    [Fact]
    public void All_mistakes_of_all_runs_are_told_at_once_with_their_places()
    {
        File.WriteAllText(_place.In("bad.yaml"), """
            base: base.yaml
            grid:
              optimizer.learning-rat: [0.1]
              batch: [10, many, 0]
            """);
        var outcome = Workplace.Run("sweep", _place.In("bad.yaml"), "--out", _place.In("bad"));

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains("bad.yaml:3:28: unknown key 'optimizer.learning-rat': did you mean 'learning-rate'?", outcome.Error);
        Assert.Contains("bad.yaml:4:15: 'batch': 'many' is not a whole number (run 002: ", outcome.Error);
        Assert.False(Directory.Exists(_place.In("bad")));

        File.WriteAllText(_place.In("bad.yaml"), "base: base.yaml\ngrid: { batch: [10, 0] }");
        Assert.Contains("bad.yaml:2:21", Workplace.Run("sweep", _place.In("bad.yaml"), "--check").Error);
    }

    [Theory]
    [InlineData("grid: { batch: [1] }", "'base' is missing")]
    [InlineData("base: base.yaml", "there is nothing to sweep")]
    [InlineData("base: base.yaml\ngrids: { batch: [1] }\nseeds: 2", "unknown key 'grids': did you mean 'grid'?")]
    [InlineData("base: base.yaml\ngrid: { batch: 16 }", "expected a list of the values to take")]
    [InlineData("base: base.yaml\ngrid: { seed: [1, 2] }", "give 'seeds'")]
    [InlineData("base: base.yaml\ngrid: { batch: [4, 4] }", "2 runs have the same settings, batch=4")]
    [InlineData("base: base.yaml\ngrid: { batch: [4] }\nlist: [{ batch: 5 }]", "'batch' is swept twice")]
    [InlineData("base: base.yaml\nlist: [{ batch: 5 }, { epochs: 2 }]", "'batch' is missing here")]
    [InlineData("base: base.yaml\nrandom: { count: 3, keys: { batch: { from: 5, to: 1 } } }", "holds nothing")]
    [InlineData("base: base.yaml\nrandom: { keys: { batch: [1] } }", "expects 'count'")]
    [InlineData("base: base.yaml\nseeds: 0", "'seeds' is 0")]
    [InlineData("base: nowhere.yaml\nseeds: 2", "there is no such file")]
    [InlineData("base: [", "not YAML")]
    public void A_bad_sweep_file_is_refused_with_the_reason(string text, string expected)
    {
        File.WriteAllText(_place.In("bad.yaml"), text);
        var outcome = Workplace.Run("sweep", _place.In("bad.yaml"), "--check");

        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, outcome.Error);
    }

    [Fact]
    public void A_folder_of_another_sweep_or_of_something_else_is_left_alone()
    {
        Directory.CreateDirectory(_place.In("full"));
        File.WriteAllText(_place.In("full/mine.txt"), "");
        Assert.Contains(
            "is not empty and holds no sweep", Workplace.Run("sweep", _place.In("sweep.yaml"), "--out", _place.In("full")).Error);
        Assert.Contains("there is no sweep in", Workplace.Run("sweep", _place.In("full")).Error);

        File.WriteAllText(_place.In("one.yaml"), "base: base.yaml\nseeds: 1");
        Assert.Equal(ExitCode.Success, Workplace.Run("sweep", _place.In("one.yaml"), "--out", _place.In("one")).Code);
        Assert.Contains("from another sweep file", Workplace.Run("sweep", _place.In("sweep.yaml"), "--out", _place.In("one")).Error);
    }

    private static string[] Runs(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Order()];

    private static DateTimeOffset[] Written(string folder) =>
        [.. Runs(folder).Select(run => RunFolder.Open(Path.Combine(folder, run)).Status.Written)];
}
