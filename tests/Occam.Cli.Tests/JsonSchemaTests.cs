using Occam.Cli.Running;
using Occam.Lab.Runs.Sweeps;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class JsonSchemaTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("measure", "measure NETWORK --data DATA --all --draws 2 --steps 2 --per-example --json")]
    [InlineData("measure", "measure NETWORK --data UNLABELLED --estimate 2 --json")]
    [InlineData("comparison", "compare NETWORK OTHER --data DATA --measures arc-length,loss-slope --fail-if margin<1 --per-example --json")]
    [InlineData("weightComparison", "compare WEIGHTS TUNED --json")]
    [InlineData("weights", "measure WEIGHTS --initial TUNED --json")]
    [InlineData("audit", "audit NETWORK --data DATA --clean DATA --json")]
    [InlineData("measureCatalogue", "measures --json")]
    [InlineData("paperItems", "papers --json")]
    [InlineData("inference", "run NETWORK --data UNLABELLED --out OUT --jacobian --json")]
    [InlineData("verification", "verify --network NETWORK --data DATA --json")]
    [InlineData("inspection", "inspect NETWORK --json")]
    public void What_is_found_of_networks_is_as_the_schema_says(string kind, string line)
    {
        var names = new Dictionary<string, string>
        {
            ["NETWORK"] = _place.Mlp(),
            ["OTHER"] = _place.Mlp("other.onnx", seed: 2),
            ["WEIGHTS"] = _place.Weights("base.safetensors", 1),
            ["TUNED"] = _place.Weights("tuned.safetensors", 2),
            ["DATA"] = _place.Points(),
            ["OUT"] = _place.In("out.npz"),
            ["UNLABELLED"] = _place.Points("unlabelled.npz", labels: false),
        };

        var outcome = Workplace.Run([.. line.Split(' ').Select(word => names.GetValueOrDefault(word, word))]);

        Check(kind, outcome.Output);
    }

    [Fact]
    public void What_is_found_of_runs_and_what_they_leave_is_as_the_schema_says()
    {
        var (root, data) = (_place.In("runs"), _place.Points(count: 20));
        File.WriteAllText(_place.In("base.yaml"), $$"""
            network: { id: mlp, hidden: [5] }
            data: { train: {{data}}, test: {{data}} }
            loss: cross-entropy
            optimizer: { id: sgd, learning-rate: 0.1 }
            regularizers: [{ id: l2, strength: 0.001 }]
            probes: [{ measure: geometric-complexity, estimate: 2, limit: 5 }]
            batch: 5
            epochs: 2
            """);
        File.WriteAllText(_place.In("sweep.yaml"), "base: base.yaml\ngrid: { batch: [5, 10], optimizer.learning-rate: [0.1, 0.2, 0.3] }");
        var sweep = Path.Combine(root, "sweep");
        Directory.CreateDirectory(sweep);
        var folder = SweepFolder.Begin(sweep, SweepReading.OfFile(_place.In("sweep.yaml")));
        foreach (var run in folder.Plan.Runs)
        {
            var settings = run.Settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });
            Assert.Equal(ExitCode.Success, Workplace.Run(["train", _place.In("base.yaml"), .. settings, "--out", folder.PathOf(run)]).Code);
        }

        var first = folder.PathOf(folder.Plan.Runs[0]);
        string FileOf(string name) => File.ReadAllText(Path.Combine(first, name));
        Check("explanation", Workplace.Run("explain", first, "--root", root, "--json").Output);
        Check("ranking", Workplace.Run(
            "rank", sweep, "--measures", "l2-norm,margin,arc-length,group-norm(p=1),group-norm", "--resamples", "20", "--json").Output);
        Check("table", Workplace.Run("runs", "--root", root, "--json").Output);
        Check("table", Workplace.Run("runs", "query", "SELECT *, 1e308 * 10, true FROM runs", "--root", root, "--json").Output);
        Check("runStatus", FileOf("status.json"));
        Check("runOrigin", FileOf("environment.json"));
        Assert.All(FileOf("metrics.jsonl").Trim().Split('\n'), line => Check("metric", line));
        Check("sweepPlan", File.ReadAllText(Path.Combine(sweep, "sweep.json")));
    }

    [Fact]
    public void What_a_reproduction_leaves_is_as_the_schema_says()
    {
        var outcome = Workplace.Run("reproduce", "gor-1", "--scale", "smoke", "--seeds", "1", "--out", _place.In("out"));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Check("reproduction", File.ReadAllText(_place.In("out/experiment.json")));
    }

    [Theory]
    [InlineData("""{"name": "a", "value": 1, "standardError": null}""", "")]
    [InlineData("""{"name": "a"}""", "layer has no value")]
    [InlineData("""{"name": 1, "value": 1}""", "layer.name is Number, not string")]
    [InlineData("""{"name": "a", "value": "NaN"}""", "layer.value is String, not number or null")]
    [InlineData("""{"name": "a", "value": 1, "more": 1}""", "layer has an unknown more")]
    public void What_is_not_as_the_schema_says_is_told(string json, string expected) =>
        Assert.Equal(expected, string.Join('\n', JsonSchema.Mistakes("layer", json)));

    private static void Check(string kind, string json) => Assert.Equal("", string.Join('\n', JsonSchema.Mistakes(kind, json)));
}
