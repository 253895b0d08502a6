using System.Text.Json;

namespace Occam.Bench;

/// <summary>Whole processes, as a user starts them: ./occam and a script of the same purpose.</summary>
internal sealed class ProcessBenchmark(Setting setting)
{
    private const double MostStartupSeconds = 1;
    private const double MostLauncherSeconds = 0.3;
    private const double MostMemoryBytes = 2e9;
    private const double SameFunction = 1e-4;

    private static readonly string Launcher = Path.Combine(Setting.Root, "occam");

    /// <summary>From the command to the answer, for a network of 100 kB on 1,000 points.</summary>
    public IEnumerable<Row> Startup(Action<string> tell)
    {
        var data = Setting.Exported("points-1000.npz");
        string[] measure = [Launcher, "measure", Setting.Exported("small-mlp.onnx"), "--data", data, "--json"];
        string[] script = [setting.Python, Setting.Script("startup.py"), Setting.Exported("small-mlp.pt"), data];
        string[] program = ["dotnet", NewestProgram(), "measures"];
        var (usual, single, peers, launched, direct) = (
            new List<Child>(), new List<Child>(), new List<Child>(), new List<Child>(), new List<Child>());
        for (var round = 0; round <= setting.Rounds; round++)
        {
            tell($"start-up, {(round == 0 ? "warming up" : $"round {round} of {setting.Rounds}")}");
            usual.Add(Child.Run(setting.Python, measure));
            single.Add(Child.Run(setting.Python, [.. measure, "--measures", "geometric-complexity"]));
            peers.Add(Child.Run(setting.Python, script));
            launched.Add(Child.Run(setting.Python, Launcher, "measures"));
            direct.Add(Child.Run(setting.Python, program));
        }

        var theirs = Seconds(peers);
        var reference = JsonDocument.Parse(peers[0].Output).RootElement.GetProperty("value").GetDouble();
        foreach (var (title, runs) in new[] { ("its usual measures", usual), ("geometric complexity", single) })
        {
            var mine = Seconds(runs);
            var error = Math.Abs(GeometricComplexity(runs[0]) - reference) / reference;
            yield return new Row(
                $"occam measure, {title}", Format.Seconds(mine), "PyTorch script, geometric complexity", Format.Seconds(theirs),
                Format.Ratio(Spread.Ratio(theirs, mine)), $"≤ {MostStartupSeconds} s", $"{error:0.0e+0}",
                mine.Median <= MostStartupSeconds && error <= SameFunction);
        }

        var (with, without) = (Seconds(launched), Seconds(direct));
        var overhead = new Spread([.. with.Values.Zip(without.Values, (all, part) => all - part)]);
        yield return new Row(
            "./occam measures", Format.Seconds(with), "the program without ./occam", Format.Seconds(without),
            $"+{overhead.Median:0.000} s ({overhead.Minimum:0.000}–{overhead.Maximum:0.000})", $"≤ +{MostLauncherSeconds} s", "",
            overhead.Median <= MostLauncherSeconds);
    }

    /// <summary>The highest resident memory for a ResNet-18, which must not depend on how many images there are.</summary>
    public IEnumerable<Row> Memory(Action<string> tell)
    {
        int[] counts = [.. setting.Quick ? [32, 128] : (int[])[128, 512], .. setting.Full ? [10_000] : (int[])[]];
        foreach (var count in counts)
        {
            tell($"memory, {count} images");
            var child = Child.Run(
                setting.Python, Launcher, "measure", Setting.Exported("resnet18.onnx"),
                "--data", Setting.Exported($"photographs-{count}.npz"), "--measures", "geometric-complexity", "--json");
            var value = GeometricComplexity(child);
            yield return new Row(
                $"occam measure, resnet18, {count} images", $"{Format.Megabytes(child.PeakBytes)}, {child.Seconds:0.0} s", "", "", "",
                $"< {Format.Megabytes((long)MostMemoryBytes)}", "", child.PeakBytes < MostMemoryBytes && double.IsFinite(value));
        }
    }

    private static Spread Seconds(List<Child> runs) => new([.. runs.Skip(1).Select(run => run.Seconds)]);

    private static double GeometricComplexity(Child child) =>
        JsonDocument.Parse(child.Output).RootElement.GetProperty("measures").EnumerateArray()
            .Single(measure => measure.GetProperty("id").GetString() == "geometric-complexity").GetProperty("value").GetDouble();

    private static string NewestProgram()
    {
        var builds = new DirectoryInfo(Path.Combine(Setting.Root, "build", "app"));
        var newest = builds.Exists ? builds.EnumerateDirectories().MaxBy(build => build.LastWriteTimeUtc) : null;
        return newest is null
            ? throw new OccamException("the program is not built: run the benchmarks by ./occam bench, which builds it")
            : Path.Combine(newest.FullName, "Occam.Cli.dll");
    }
}
