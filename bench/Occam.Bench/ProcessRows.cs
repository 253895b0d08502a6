using System.Collections.Immutable;
using System.Text.Json;
using MathNet.Numerics.Statistics;

namespace Occam.Bench;

/// <summary>Whole processes, as a user starts them: start-up, memory that doesn't grow with the data, shards against one run.</summary>
internal sealed class ProcessRows(Setting setting, Action<string> tell)
{
    private const double MostStartupSeconds = 0.35;
    private const double MostOfShards = 1.05;
    private const long MostMemoryBytes = 2_000_000_000;
    private const int Shards = 4;
    private const double SameFunction = 1e-4;

    private static readonly string Launcher = Path.Combine(Setting.Root, "occam");

    /// <summary>The rows, by their names.</summary>
    public ImmutableArray<(string Id, Func<RowResult> Run)> All => [("startup", Startup), ("memory", Memory), ("shards", Sharding)];

    private RowResult Startup()
    {
        var data = Setting.Exported("points-1000.npz");
        string[] measure = [Launcher, "measure", Setting.Exported("small-mlp.onnx"), "--data", data, "--json"];
        string[] script = [setting.Python, Setting.Script("startup.py"), Setting.Exported("small-mlp.pt"), data];
        var (mine, theirs) = (new List<Child>(), new List<Child>());
        for (var round = 0; round <= setting.Rounds; round++)
        {
            tell($"startup: round {round} of {setting.Rounds}");
            mine.Add(Child.Run(setting.Python, [.. measure, "--measures", "geometric-complexity"]));
            theirs.Add(Child.Run(setting.Python, script));
        }

        var reference = JsonDocument.Parse(theirs[0].Output).RootElement.GetProperty("value").GetDouble();
        var difference = Math.Abs(Complexity(mine[0]) - reference) / reference;
        var result = Compared("startup", "occam measure of a small network on 1,000 points, the whole process", mine, theirs);
        IEnumerable<string> missed =
        [
            .. result.Occam!.Median <= MostStartupSeconds
                ? (string[])[]
                : [$"{result.Occam.Median:0.00} s are more than {MostStartupSeconds} s"],
            .. difference <= SameFunction ? (string[])[] : [$"the values differ by {difference:0.0e+0}"],
        ];
        return result with
        {
            Limit = $"≤ {MostStartupSeconds} s",
            Trick = "a PyTorch script that measures the same",
            Difference = difference,
            Missed = [.. missed],
        };
    }

    private RowResult Memory()
    {
        Child Of(int count)
        {
            tell($"memory: {count} images");
            return Child.Run(
                setting.Python, Launcher, "measure", Setting.Exported("resnet18.onnx"),
                "--data", Setting.Exported($"photographs-{count}.npz"), "--measures", "geometric-complexity", "--json");
        }

        var (few, many) = (Of(128), Of(setting.Full ? 10_000 : 512));
        return new RowResult("memory", "exact GC of ResNet-18, memory with four times the images or more", null)
        {
            Limit = $"< {Format.Megabytes(MostMemoryBytes)}",
            OccamBytes = many.PeakBytes,
            Notes =
            [
                $"{Format.Megabytes(few.PeakBytes)} for 128 images, {Format.Megabytes(many.PeakBytes)} for {(setting.Full ? 10_000 : 512)}",
            ],
            Missed = many.PeakBytes < MostMemoryBytes ? [] : [$"more than {Format.Megabytes(MostMemoryBytes)}"],
        };
    }

    // One thread each, so that a process's time is its work and not its waiting.
    private RowResult Sharding()
    {
        string[] measure =
        [
            Launcher, "measure", Setting.Exported("resnet18-1000.onnx"), "--data", Setting.Exported("photographs-64.npz"), "--measures",
            "geometric-complexity", "--threads", "1", "--batch", "16",
        ];
        var folder = Directory.CreateTempSubdirectory("occam-bench-");
        try
        {
            var (whole, divided) = (new List<double>(), new List<double>());
            var same = true;
            for (var round = 0; round < 1 + (setting.Rounds / 7); round++)
            {
                tell($"shards: round {round + 1}");
                var one = Child.Run(setting.Python, [.. measure, "--json"]);
                string[] parts = [.. Enumerable.Range(1, Shards).Select(i => Path.Combine(folder.FullName, $"{round}-{i}.part"))];
                var cpu = 0.0;
                foreach (var (i, part) in parts.Index())
                {
                    cpu += Child.Run(setting.Python, [.. measure, "--shard", $"{i + 1}/{Shards}", "--part", part]).CpuSeconds;
                }

                var merged = Child.Run(setting.Python, [Launcher, "merge", .. parts, "--json"]);
                whole.Add(one.CpuSeconds);
                divided.Add(cpu + merged.CpuSeconds);
                same &= one.Output == merged.Output;
            }

            double[] ratios = [.. divided.Zip(whole, (parts, one) => parts / one)];
            var ratio = new Ratio(ratios.Median(), ratios.Min(), ratios.Max());
            IEnumerable<string> missed =
            [
                .. same ? (string[])[] : ["the bytes of the results differ"],
                .. ratio.Median <= MostOfShards ? (string[])[] : [$"{ratio.Median:0.00}× are more than {MostOfShards}×"],
            ];
            return new RowResult("shards", $"{Shards} shards and their merge against one run, processor's seconds", null)
            {
                Limit = $"≤ {MostOfShards}×",
                Occam = new(divided.Min(), divided.Median()),
                Peer = new(whole.Min(), whole.Median()),
                Trick = $"one run; the shards must take at most {MostOfShards} times its seconds",
                Ratio = ratio,
                Missed = [.. missed],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RowResult Compared(string id, string title, List<Child> mine, List<Child> theirs)
    {
        double[] own = [.. mine.Skip(1).Select(run => run.Seconds)], other = [.. theirs.Skip(1).Select(run => run.Seconds)];
        double[] ratios = [.. other.Zip(own, (their, my) => their / my)];
        return new RowResult(id, title, null)
        {
            Occam = new(own.Min(), own.Median()),
            Peer = new(other.Min(), other.Median()),
            Ratio = new(ratios.Median(), ratios.Min(), ratios.Max()),
            OccamBytes = mine.Max(run => run.PeakBytes),
            PeerBytes = theirs.Max(run => run.PeakBytes),
        };
    }

    private static double Complexity(Child child) =>
        JsonDocument.Parse(child.Output).RootElement.GetProperty("measures").EnumerateArray()
            .Single(measure => measure.GetProperty("id").GetString() == "geometric-complexity").GetProperty("value").GetDouble();
}
