using System.Globalization;
using Occam.Lab.Runs.Export;
using Occam.Lab.Runs.Query;
using Occam.Lab.Tests.Explaining;
using Xunit;
using YamlDotNet.Serialization;

namespace Occam.Lab.Tests.Runs;

/// <summary>Runs as other tools' files, read back as those tools do.</summary>
public sealed class RunExportTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [2] }
        data: { id: waves, frequency: 0.5, train: 8, test: 4 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 4
        epochs: 2
        evaluate: 1 steps
        probes: [{ measure: { id: group-norm, p: 1 }, on: train }]
        """;

    private readonly SmallRuns _runs = new();
    private readonly DirectoryInfo _out = Directory.CreateTempSubdirectory("occam-export-");

    public void Dispose()
    {
        _runs.Dispose();
        _out.Delete(recursive: true);
    }

    private RunStore Store => new(_runs.Root);

    [Fact]
    public void Mlflows_files_have_every_parameter_and_metric()
    {
        _runs.Train("one", Small);
        _runs.Train("two: 'x'", Small);

        MlflowFiles.Write(_out.FullName, Store.Runs(), Assert.Fail, TestContext.Current.CancellationToken);
        MlflowFiles.Write(_out.FullName, Store.Runs(), Assert.Fail, TestContext.Current.CancellationToken);

        var experiment = Assert.Single(_out.GetDirectories());
        Assert.Equal("occam", Meta(experiment.FullName)["name"]);
        Assert.Equal(experiment.Name, Meta(experiment.FullName)["experiment_id"]);
        Assert.Equal(2, experiment.GetDirectories().Length);
        foreach (var (name, run) in Store.Runs())
        {
            var folder = Path.Combine(experiment.FullName, MlflowFiles.IdOf(name, run));
            var meta = Meta(folder);
            Assert.Equal((name, "3", Path.GetFileName(folder)), (meta["run_name"], meta["status"], meta["run_id"]));
            Assert.Equal(name, File.ReadAllText(Path.Combine(folder, "tags", "mlflow.runName")));
            Assert.Equal("0.05", File.ReadAllText(Path.Combine(folder, "params", "optimizer.learning-rate")));
            foreach (var metric in run.Metrics().GroupBy(metric => metric.Name))
            {
                var file = Path.Combine(folder, "metrics", metric.Key.Replace('(', '_').Replace(')', '_').Replace('=', '_'));
                var lines = File.ReadLines(file).Select(line => line.Split(' ')).ToArray();
                Assert.Equal(metric.Select(seen => seen.Value), lines.Select(line => double.Parse(line[1], CultureInfo.InvariantCulture)));
                Assert.Equal(metric.Select(seen => seen.Step), lines.Select(line => long.Parse(line[2], CultureInfo.InvariantCulture)));
                Assert.All(lines, line => Assert.InRange(
                    long.Parse(line[0], CultureInfo.InvariantCulture), long.Parse(meta["start_time"]!), long.Parse(meta["end_time"]!)));
            }
        }
    }

    [Theory]
    [InlineData(RunTables.Csv)]
    [InlineData(RunTables.Parquet)]
    public void Tables_hold_what_queries_see(string format)
    {
        _runs.Train("it's", Small);

        RunTables.Write(Store, Path.Combine(_out.FullName, "o'ut"), format, Assert.Fail, TestContext.Current.CancellationToken);

        var file = Path.Combine(_out.FullName, "o'ut", $"metrics.{format}").Replace("'", "''");
        var question = $"SELECT count(*) FROM (SELECT * FROM metrics EXCEPT SELECT * FROM '{file}')";
        Assert.Equal(0L, Ask(question));
        Assert.Equal((long)Store.Runs()[0].Run.Metrics().Count(), Ask($"SELECT count(*) FROM '{file}'"));
    }

    [Fact]
    public void A_name_that_a_spreadsheet_would_compute_is_text_and_numbers_are_numbers()
    {
        _runs.Train("=1+1", Small);

        RunTables.Write(Store, _out.FullName, RunTables.Csv, Assert.Fail, TestContext.Current.CancellationToken);

        foreach (var table in new[] { "runs", "config", "metrics" })
        {
            var lines = File.ReadAllLines(Path.Combine(_out.FullName, $"{table}.csv"));
            Assert.True(lines.Length > 1);
            Assert.All(lines[1..], line => Assert.StartsWith("'=1+1,", line));
        }

        Assert.Equal(
            RunQuery.Ask(Store, "SELECT sum(value) FROM metrics", cancellation: TestContext.Current.CancellationToken).Rows[0][0],
            Ask($"SELECT sum(value) FROM '{Path.Combine(_out.FullName, "metrics.csv")}'"));
        Assert.Equal(3, Directory.GetFileSystemEntries(_out.FullName).Length);
    }

    [Fact]
    public void A_file_in_place_of_a_folder_is_told()
    {
        _runs.Train("one", Small);
        var file = Path.Combine(_out.FullName, "file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<OccamException>(
            () => MlflowFiles.Write(file, Store.Runs(), Assert.Fail, TestContext.Current.CancellationToken));

        Assert.Contains($"can't write to '{file}'", error.Message);
    }

    private object? Ask(string question) => Assert.Single(
        RunQuery.Ask(Store, question, isUnlocked: true, cancellation: TestContext.Current.CancellationToken).Rows)[0];

    private static Dictionary<string, string?> Meta(string folder) => new DeserializerBuilder().Build()
        .Deserialize<Dictionary<string, object?>>(File.ReadAllText(Path.Combine(folder, "meta.yaml")))
        .ToDictionary(pair => pair.Key, pair => pair.Value?.ToString());
}
