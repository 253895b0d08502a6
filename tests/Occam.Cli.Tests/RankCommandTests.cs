using System.Globalization;
using System.Text.Json;
using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class RankCommandTests : IDisposable
{
    private const string Base = """
        network: { id: mlp, hidden: [8] }
        data: { train: glyphs:train, test: glyphs:test, limit: 60, test-limit: 50 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 20
        epochs: 4
        threads: 1
        """;

    private readonly Workplace _place = new();
    private readonly string _sweep;

    public RankCommandTests()
    {
        File.WriteAllText(_place.In("base.yaml"), Base);
        File.WriteAllText(
            _place.In("sweep.yaml"), "base: base.yaml\ngrid: { optimizer.learning-rate: [0.05, 0.4], batch: [10, 30] }\nseeds: 2");
        _sweep = _place.In("sweep");
        Directory.CreateDirectory(_sweep);

        // Trained in this process, which is the same and sooner.
        var folder = SweepFolder.Begin(_sweep, SweepReading.OfFile(_place.In("sweep.yaml")));
        foreach (var run in folder.Plan.Runs)
        {
            Assert.Equal(ExitCode.Success, Workplace.Run([
                "train", _place.In("base.yaml"), .. run.Settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }),
                "--set", $"seed={run.Seed}", "--out", folder.PathOf(run),
            ]).Code);
        }
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_statistics_are_those_of_the_values_that_are_told_with_them()
    {
        var json =
            Rank(_sweep, "--measures", "param-norm,distance-from-initialization,arc-length", "--resamples", "50", "--effective-size", "1");

        Assert.Equal(
            ["optimizer.learning-rate", "batch"], json.GetProperty("hyperparameters").EnumerateArray().Select(name => name.GetString()));
        var runs = json.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(8, runs.Length);
        foreach (var measure in json.GetProperty("measures").EnumerateArray())
        {
            var points = runs.Select(run => (Value: run.GetProperty("measures")
                .GetProperty(measure.GetProperty("id").GetString()!)
                .GetDouble(), Gap: run.GetProperty("testError").GetDouble() - run.GetProperty("trainError").GetDouble())).ToArray();
            var tau = Mean(points, (_, _) => true);
            Assert.Equal(tau, measure.GetProperty("tau").GetProperty("value").GetDouble(), 1e-12);
            Assert.InRange(
                tau, measure.GetProperty("tau").GetProperty("low").GetDouble(), measure.GetProperty("tau").GetProperty("high").GetDouble());

            // Runs in the order of learning rates, batches, seeds: along the batch, the pairs within each half.
            var batch = (Mean(points, (i, j) => i / 4 == 0 && j / 4 == 0 && i / 2 != j / 2) + Mean(
                points, (i, j) => i / 4 == 1 && j / 4 == 1 && i / 2 != j / 2)) / 2;
            Assert.Equal(batch, measure.GetProperty("granulatedParts").GetProperty("batch").GetProperty("value").GetDouble(), 1e-12);
        }

        Assert.Equal("arc-length", Assert.Single(json.GetProperty("notRanked").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public void Values_are_those_of_occam_measure_on_the_training_data_and_the_network_at_initialization()
    {
        string[] ids = ["distance-from-initialization", "geometric-complexity"];
        var run = Rank(_sweep, "--measures", string.Join(',', ids), "--resamples", "0").GetProperty("runs")[3];
        var folder = Path.Combine(_sweep, "004");
        var measured = Workplace.Run(
            "measure", Path.Combine(folder, "network.onnx"), "--data", "glyphs:train", "--limit", "60", "--initial",
            Path.Combine(folder, "initial.onnx"), "--measures", string.Join(',', ids), "--json").Json;

        Assert.All(measured.GetProperty("measures").EnumerateArray(), measure =>
            Assert.Equal(measure
                .GetProperty("value")
                .GetDouble(), run.GetProperty("measures").GetProperty(measure.GetProperty("id").GetString()!).GetDouble(), 1e-4));
        Assert.Equal(1 - RunFolder.Open(folder).Status.Metrics["test.accuracy"], run.GetProperty("testError").GetDouble(), 1e-12);
    }

    [Fact]
    public void The_error_on_other_data_may_take_the_place_of_the_test_error()
    {
        var json = Rank(_sweep, "--measures", "param-norm", "--target", "glyphs:train", "--by", "test-error", "--resamples", "0");
        var accuracy = Workplace.Run(
            "measure", Path.Combine(_sweep, "003", "network.onnx"), "--data", "glyphs:train", "--measures", "margin", "--json").Json
            .GetProperty("measures")[0].GetProperty("details").GetProperty("accuracy").GetDouble();

        Assert.Equal("error on glyphs:train", json.GetProperty("target").GetString());
        Assert.Equal(1 - accuracy, json.GetProperty("runs")[2].GetProperty("testError").GetDouble(), 1e-9);
        Assert.NotEqual(
            json.GetProperty("runs")[2].GetProperty("testError").GetDouble(),
            Rank(_sweep, "--measures", "param-norm", "--resamples", "0").GetProperty("runs")[2].GetProperty("testError").GetDouble());
        Assert.Contains(
            "give --target data of the same kind",
            Workplace.Run("rank", _sweep, "--measures", "param-norm", "--target", _place.Points()).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void A_measure_is_named_with_its_parameters_whether_it_is_alone_or_not()
    {
        string[] Names(string measures)
        {
            var json = Rank(_sweep, "--measures", measures, "--resamples", "0");
            string[] ranked =
                [.. json.GetProperty("measures").EnumerateArray().Select(measure => measure.GetProperty("id").GetString()!).Order()];
            Assert.All(json.GetProperty("runs").EnumerateArray(), run =>
                Assert.Equal(ranked, run.GetProperty("measures").EnumerateObject().Select(value => value.Name).Order()));
            return ranked;
        }

        Assert.Equal(["group-norm(p=1)"], Names("group-norm(p=1)"));
        Assert.Equal(["group-norm", "group-norm(p=1)"], Names("group-norm(p=1),group-norm"));
    }

    [Fact]
    public void What_was_measured_is_kept_until_the_network_is_another()
    {
        Rank(_sweep, "--measures", "param-norm", "--resamples", "0");
        var (kept, network) = (Path.Combine(_sweep, "001", "measures.json"), Path.Combine(_sweep, "001", "network.onnx"));
        var text = File.ReadAllText(kept);
        var value = Value(Rank(_sweep, "--measures", "param-norm", "--resamples", "0"));

        // Without its digest, as older versions wrote it: with it, what was changed would not be believed.
        var changed = text[..text.LastIndexOf(",\n  \"digest\"", StringComparison.Ordinal)] + "\n}\n";
        File.WriteAllText(kept, changed.Replace(value.ToString("R", CultureInfo.InvariantCulture), "12345"));
        Assert.Equal(12345, Value(Rank(_sweep, "--measures", "param-norm", "--resamples", "0")));

        File.WriteAllBytes(network, [.. File.ReadAllBytes(network), 0x32, 0]);
        Assert.Equal(value, Value(Rank(_sweep, "--measures", "param-norm", "--resamples", "0")));
    }

    [Fact]
    public void Runs_without_a_sweep_are_ranked_by_the_keys_in_which_they_differ_and_a_page_shows_them()
    {
        string[] runs = [.. new[] { "001", "003", "004" }.Select(name => Path.Combine(_sweep, name))];
        var outcome = Workplace.Run([
            "rank", .. runs, "--by", "test-error", "--measures", "param-norm,l2-path-norm", "--resamples", "20", "--html",
            _place.In("rank.html"),
        ]);

        Assert.True(outcome.Code == ExitCode.Success, outcome.Error);
        Assert.Matches(@"(?s)ranked\s+test error.*swept\s+batch.*param-norm", outcome.Output);
        var page = File.ReadAllText(_place.In("rank.html"));
        Assert.Contains("What orders 3 runs by their test error", page);
        Assert.Contains("\"label\":\"l2-path-norm\"", page);
    }

    [Fact]
    public void Runs_that_did_not_end_are_left_out_with_the_reason()
    {
        Directory.Delete(Path.Combine(_sweep, "002"), recursive: true);
        var json = Rank(_sweep, "--measures", "param-norm", "--resamples", "0");
        Assert.Equal(7, json.GetProperty("runs").GetArrayLength());
        Assert.Equal("it hasn't begun", Assert.Single(json.GetProperty("leftOut").EnumerateArray()).GetProperty("why").GetString());
    }

    [Fact]
    public void Mistakes_are_told_in_a_line()
    {
        Mistake("neither a run nor a sweep", _place.In("nowhere"));
        Mistake("at least two", Path.Combine(_sweep, "001"));
        Mistake("unknown --by 'loss': expected gap or test-error", _sweep, "--by", "loss");
        Mistake("did you mean 'param-norm'", _sweep, "--measures", "param-nor");
        File.WriteAllText(_place.In("runs.csv"), "optimizer,norm,gap\nsgd,1,0.1\nadam,2,0.2\n");
        foreach (var option in new[] { "--draws", "--limit", "--steps" })
        {
            Mistake($"{option} is for runs of the store", _place.In("runs.csv"), option, "100");
        }

        Assert.Equal(
            ExitCode.Success, Workplace.Run("train", _place.In("base.yaml"), "--set", "data.test=", "--out", _place.In("untested")).Code);
        Mistake("it has no test data", Path.Combine(_sweep, "001"), _place.In("untested"), "--measures", "param-norm");
    }

    private static void Mistake(string expected, params string[] arguments)
    {
        var outcome = Workplace.Run(["rank", .. arguments]);
        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains(expected, Assert.Single(outcome.Error.TrimEnd().Split('\n')));
    }

    private static JsonElement Rank(params string[] arguments)
    {
        var outcome = Workplace.Run(["rank", .. arguments, "--json"]);
        Assert.True(outcome.Code == ExitCode.Success, outcome.Error);
        return outcome.Json;
    }

    private static double Value(JsonElement json) =>
        json.GetProperty("runs")[0].GetProperty("measures").GetProperty("param-norm").GetDouble();

    // The mean agreement in sign over pairs, from the definition.
    private static double Mean((double Value, double Gap)[] points, Func<int, int, bool> counts) => (
        from i in Enumerable.Range(0, points.Length)
        from j in Enumerable.Range(0, i)
        where counts(i, j)
        select (double)Math.Sign(points[i].Value.CompareTo(points[j].Value)) * Math.Sign(points[i].Gap.CompareTo(points[j].Gap))).Average();
}
