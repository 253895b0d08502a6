using System.Text;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Shards;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Ranking;
using Occam.Lab.Runs.Sweeps;
using Occam.Measures;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;

namespace Occam.Fuzz.Families;

/// <summary>
/// What Occam leaves and reads again beside runs: the raw runs and the verdicts of a figure, the parts of a sharded measuring, the list of
/// a sweep; and tables of others' runs. Spoiled as a disk would, and with digests that agree.
/// </summary>
internal sealed class ResultFamily : Family
{
    private const string Figure = "bth-t3";
    private const string FirstPart = "1.part";
    private const string SecondPart = "2.part";
    private const string Table = """
        optimizer,depth,norm,margin,gap
        sgd,2,1.5,0.1,0.2
        adam,2,2.5,"0.2",0.1
        sgd,3,,0.4,3e-1
        adam,3,1,1,nan

        """;

    private const string Sweep = """
        base: base.yaml
        grid:
          optimizer.learning-rate: [0.1, 0.2]
        """;

    private const string Base = """
        network: { id: mlp, hidden: [3] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 5
        epochs: 1
        """;

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> s_figure = new(() => Made(Reproduce));
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> s_parts = new(() => Made(Measure));
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> s_sweep = new(() => Made(Plan));

    public override string Name => "results";

    public override int Share => 40;

    public override void Prepare() => _ = (s_figure.Value, s_parts.Value, s_sweep.Value);

    public override void Try(SeededRandom random, string folder)
    {
        switch (random.NextInt(4))
        {
            case 0:
                Write(s_figure.Value, folder, random);
                _ = Rejudgement.Of(folder).Differences;
                break;
            case 1:
                Write(s_parts.Value, folder, random);
                ShardMeasurer.Check(s_parts.Value.Keys.Select(name => ShardPart.Read(Path.Combine(folder, name))));
                break;
            case 2:
                Write(s_sweep.Value, folder, random);
                Told(StoreCheck.Of(folder, _ => { }).Where(file => !file.IsWhole).Select(file => file.What));
                Told(SweepFolder.Reread(folder).Check().Select(problem => problem.ToString()));
                break;
            default:
                var path = Path.Combine(folder, "runs.csv");
                File.WriteAllBytes(path, Words.Utf8(Words.Spoil(Table, random)));
                ForeignRuns.Rank(path, "gap", [], [], new RankingOptions { Resamples = 10 });
                break;
        }
    }

    private static void Told(IEnumerable<string> problems)
    {
        if (problems.FirstOrDefault() is { } problem)
        {
            throw new OccamException(problem);
        }
    }

    private static void Write(IReadOnlyDictionary<string, byte[]> sound, string folder, SeededRandom random)
    {
        var names = sound.Keys.Order(StringComparer.Ordinal).ToArray();
        var spoiled = names[random.NextInt(names.Length)];
        foreach (var (name, content) in sound)
        {
            File.WriteAllBytes(Path.Combine(folder, name), name == spoiled ? Spoil(name, content, random) : content);
        }
    }

    private static byte[] Spoil(string name, byte[] content, SeededRandom random) => random.NextInt(3) == 0
        ? Bytes.Spoil(content, random)
        : Path.GetExtension(name) switch
        {
            ".json" => Sealed.SpoilJson(content, random),
            ".part" => random.NextInt(2) == 0 ? Sealed.Spoil(content, TrailingDigest.OfArchives, random) : OtherHeader(content, random),
            _ => Words.Utf8(Words.Spoil(Encoding.UTF8.GetString(content), random)),
        };

    // A part's first line is JSON.
    private static byte[] OtherHeader(byte[] content, SeededRandom random)
    {
        var end = Array.IndexOf(content, (byte)'\n');
        var header = Words.Utf8(Words.Spoil(Encoding.UTF8.GetString(content, 0, end), random));
        return Sealed.WithDigest([.. header, .. content[end..^TrailingDigest.OfArchives.Length]], TrailingDigest.OfArchives);
    }

    private static IReadOnlyDictionary<string, byte[]> Made(Action<string> make)
    {
        var folder = Directory.CreateTempSubdirectory("occam-fuzz-").FullName;
        make(folder);
        var files = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path) is ".json" or ".part" or ".yaml")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        Directory.Delete(folder, recursive: true);
        return files;
    }

    private static void Reproduce(string folder) => Reproduction.Run(
        ExperimentCatalogue.Find(Figure), new ExperimentContext { Scale = ExperimentScale.Smoke, Seeds = [0], Threads = 1 }, folder, "");

    private static void Measure(string folder)
    {
        var network = Path.Combine(folder, "net.onnx");
        OnnxWriter.Write(TestGraphs.Mlp(), network);
        float[] x = [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))];
        var request = new MeasuringRequest
        {
            Data = "",
            DataOptions = new DataOptions(),
            Measures = [MeasureCatalogue.Find("geometric-complexity")],
            Options = new MeasureOptions { Batch = 2 },
        };
        foreach (var (number, name) in new[] { (1, FirstPart), (2, SecondPart) })
        {
            ShardMeasurer.Measure(
                network, DataSet.FromArrays("points", [3], x), request, new ShardPlace(number, 2), Path.Combine(folder, name), ["net.onnx"],
                new WorkProgress());
        }
    }

    private static void Plan(string folder)
    {
        var (sweep, own) = (Path.Combine(folder, "s.yaml"), Path.Combine(folder, "b.yaml"));
        File.WriteAllText(sweep, Sweep);
        File.WriteAllText(own, Base);
        var reading = SweepReading.OfFile(sweep, own);
        File.Delete(sweep);
        File.Delete(own);
        SweepFolder.Begin(folder, reading);
    }
}
