using System.Buffers.Binary;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.TensorBoard;
using Occam.Networks;
using Occam.Training;
using Occam.Training.Trajectories;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class RunStoreTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [8] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 4
        epochs: 6
        seed: 1
        trajectory: true
        keep-best: test.loss
        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("occam-runs-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_run_tells_all_about_itself()
    {
        var end = Train("one", Small);

        var run = RunFolder.Open(In("one"));
        Assert.Equal(RunState.Completed, end.State);
        Assert.Equal(Small, run.Reading.Text);
        Assert.Equal(1, run.Configuration.Settings.Seed);
        Assert.Equal((RunState.Completed, 30L, 6.0), (run.Status.State, run.Status.Step, run.Status.Epoch));
        var losses = run.Metrics().Where(metric => metric.Name == "test.loss").ToArray();
        Assert.Equal(7, losses.Length);
        Assert.Equal(losses[^1].Value, run.Status.Metrics["test.loss"]);
        var (plan, trainer) = run.Restore();
        using (trainer)
        {
            Assert.Equal(30, trainer.Step);
            Assert.Equal(6, trainer.Trajectory!.Windows.Count);
            Assert.Equal(losses[^1].Value, Loss(run.Network(), plan));
            Assert.Equal(losses[0].Value, Loss(run.InitialNetwork(), plan));
            Assert.Equal(losses.Min(metric => metric.Value), Loss(run.BestNetwork()!, plan));
        }

        Assert.Equal(
            ["checkpoints", "best.onnx", "config.yaml", "environment.json", "initial.onnx", "log.jsonl", "metrics.jsonl",
                "network.onnx", "status.json"],
            Entries("one"));
        Assert.Equal(["step-000000000000.npz", "step-000000000030.npz"], Entries("one/checkpoints"));
    }

    [Fact]
    public void A_divergence_ends_the_run_with_its_last_good_network()
    {
        var end = Train("one", Small.Replace("learning-rate: 0.05", "learning-rate: 1e6") + "\ncheckpoint: 1 steps");

        var run = RunFolder.Open(In("one"));
        Assert.Equal(RunState.Diverged, end.State);
        Assert.Equal(RunState.Diverged, run.Status.State);
        Assert.InRange(run.Status.Checkpoint, 0, end.Step - 1);
        Assert.Empty(NetworkChecks.NonFiniteParameters(run.Network()));
        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(In("one")));
        Assert.Contains("diverged", error.Message);
    }

    [Fact]
    public void A_mean_of_squares_that_overflows_is_a_divergence_though_the_weights_are_finite()
    {
        File.WriteAllText(In("large.csv"), "a,b,y\n0.5,1.5,1.5e25\n1.5,-0.5,-2.5e25\n");
        var end = Train("one", $$"""
            network: { id: mlp, hidden: [3] }
            data: { train: {{In("large.csv")}} }
            loss: mse
            optimizer: { id: adam, learning-rate: 0.01 }
            batch: 2
            epochs: 5
            checkpoint: 1 steps
            """);

        var run = RunFolder.Open(In("one"));
        Assert.Equal((RunState.Diverged, 1L, 0L), (end.State, end.Step, run.Status.Checkpoint));
        Assert.Contains("moments weren't finite after step 1", end.Why);
    }

    [Fact]
    public void Resuming_with_another_configuration_is_refused_by_what_changed()
    {
        Train("one", Small);

        var changed = ConfigurationReading.OfText(Small, "run.yaml", ["optimizer.momentum=0.5", "batch=5"]);
        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(In("one"), changed));

        Assert.Contains("optimizer.momentum was 0 and is 0.5 (--set optimizer.momentum=0.5)", error.Message);
        Assert.Contains("batch was 4 and is 5", error.Message);
        Assert.DoesNotContain("seed", error.Message);
        var same = ConfigurationReading.OfText("# the same\n" + Small, "run.yaml");
        Assert.Equal(RunState.Completed, new TrainingRun { Observer = new Nobody() }.Resume(In("one"), same).State);
    }

    [Fact]
    public void A_damaged_last_checkpoint_is_passed_over_for_the_one_before()
    {
        Train("whole", Small + "\ncheckpoint: 7 steps");
        Train("one", Small + "\ncheckpoint: 7 steps");
        File.WriteAllBytes(In("one/checkpoints/step-000000000030.npz"), [1, 2, 3]);
        File.Delete(In("one/status.json"));
        File.AppendAllText(In("one/metrics.jsonl"), "{\"step\": 3, \"na");

        var end = new TrainingRun { Observer = new Nobody() }.Resume(In("one"));

        Assert.Equal(30, end.Step);
        Assert.Equal(File.ReadAllBytes(In("whole/network.onnx")), File.ReadAllBytes(In("one/network.onnx")));
        Assert.Equal(Values("whole"), Values("one"));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        Directory.CreateDirectory(In("full"));
        File.WriteAllText(In("full/thesis.tex"), "");
        Train("one", Small);

        Assert.Contains("is not empty", Assert.Throws<OccamException>(() => Train("full", Small)).Message);
        Assert.Contains("--resume", Assert.Throws<OccamException>(() => Train("one", Small)).Message);
        Assert.Equal(["thesis.tex"], Entries("full"));
    }

    [Fact]
    public void TensorBoard_reads_back_every_metric()
    {
        Assert.Equal(0xE3069283u, MaskedCrc32C.Plain("123456789"u8));
        Train("one", Small, tensorBoard: true);

        var bytes = File.ReadAllBytes(Assert.Single(Directory.GetFiles(In("one/tensorboard"))));
        var events = Events(bytes).ToArray();

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(SessionLog.Types.Status.Start, events[1].SessionLog.Status);
        Assert.Equal(
            RunFolder.Open(In("one")).Metrics().Select(metric => (metric.Step, metric.Name, (float)metric.Value)),
            events.Skip(2).Select(e => (e.Step, Assert.Single(e.Summary.Value).Tag, e.Summary.Value[0].SimpleValue)));
    }

    [Fact]
    public void A_later_event_file_has_the_greater_name_though_the_clock_was_set_back()
    {
        var folder = Directory.CreateDirectory(In("events")).FullName;
        string[] before = ["events.out.tfevents.4102444800.host.1", "events.out.tfevents.5000.host.1", "events.out.tfevents.odd"];
        foreach (var name in before)
        {
            File.WriteAllText(Path.Combine(folder, name), "");
        }

        TensorBoardFile.Create(folder, 0).Dispose();
        TensorBoardFile.Create(folder, 0).Dispose();

        string[] added = [.. Entries("events").Except(before).Order(StringComparer.Ordinal)];
        Assert.StartsWith("events.out.tfevents.4102444801.", added[0]);
        Assert.StartsWith("events.out.tfevents.4102444802.", added[1]);
    }

    [Fact]
    public void Sql_sees_all_runs()
    {
        Train("a", Small);
        Train("deep/b", Small.Replace("0.05", "0.01"));
        Train("deep/c's", Small.Replace("0.05", "1e6"));
        File.AppendAllText(In("a/metrics.jsonl"), "{\"step\": 3, \"na");
        var store = new RunStore(_root.FullName);

        var best =
            Ask(store,
                "SELECT c.value::DOUBLE AS rate, min(m.value) AS loss, count(*) AS looks FROM metrics m JOIN config c USING (run) JOIN "
                    + "runs r USING (run) WHERE c.key = 'optimizer.learning-rate' AND m.name = 'test.loss' AND r.state = 'completed' "
                        + "GROUP BY rate ORDER BY rate");
        var all = Ask(store, "SELECT run, state, sum(step) AS steps FROM runs GROUP BY ALL ORDER BY run");

        Assert.Equal(["rate", "loss", "looks"], best.Columns);
        Assert.Equal([0.01, 0.05], best.Rows.Select(row => row[0]));
        Assert.Equal([.. new[] { "deep/b", "a" }.Select(name => RunFolder.Open(In(name))
            .Metrics()
            .Where(metric => metric.Name == "test.loss")
            .Min(metric => metric.Value))], best.Rows.Select(row => (double)row[1]!));
        Assert.Equal(["a", "deep/b", "deep/c's"], all.Rows.Select(row => row[0]));
        Assert.Equal(["completed", "completed", "diverged"], all.Rows.Select(row => row[1]));
        Assert.Equal(30L, all.Rows[0][2]);
        Assert.Contains("Did you mean \"metrics\"?", Assert.Throws<OccamException>(() => Ask(store, "SELECT * FROM metrcs")).Message);
        Assert.Empty(Ask(new RunStore(In("nowhere")), "SELECT * FROM metrics").Rows);
    }

    [Theory]
    [InlineData("TIMESTAMP '2024-02-29 12:34:56.789123'")]
    [InlineData("TIMESTAMP '1969-12-31 00:00:00'")]
    [InlineData("DATE '2024-02-29'")]
    [InlineData("TIME '01:02:03.4'")]
    [InlineData("INTERVAL '-14 months 2 days 30:04:05.6'")]
    [InlineData("INTERVAL '-00:00:01'")]
    [InlineData("INTERVAL 1 DAY")]
    [InlineData("18446744073709551615::UBIGINT")]
    [InlineData("170141183460469231731687303715884105727::HUGEINT")]
    [InlineData("'b'::ENUM('a', 'b')")]
    [InlineData("'123e4567-e89b-12d3-a456-426614174000'::UUID")]
    public void What_is_no_number_is_told_in_DuckDBs_own_words(string value)
    {
        var row = Assert.Single(Ask(new RunStore(_root.FullName), $"SELECT {value}, CAST({value} AS VARCHAR)").Rows);

        Assert.Equal(row[1], row[0]);
    }

    [Fact]
    public void Numbers_are_whole_or_not_by_their_columns_type()
    {
        const string sql = "SELECT 1::TINYINT, 2::UINTEGER, 3::HUGEINT, 0.5::FLOAT, 12345678901234567890.123456789::DECIMAL(38, 9), "
            + "'nan'::DOUBLE, true, NULL";

        var row = Assert.Single(Ask(new RunStore(_root.FullName), sql).Rows);

        Assert.Equal([1L, 2L, 3L, 0.5, 12345678901234567890.123456789, double.NaN, true, null], row);
    }

    [Theory]
    [InlineData("SELECT [1, 2] AS x", "the column 'x' holds lists")]
    [InlineData("SELECT {'a': 1} AS x", "the column 'x' holds lists")]
    [InlineData("SELECT 'a'::BLOB AS x", "the column 'x' holds lists")]
    [InlineData("SELECT 'infinity'::TIMESTAMP AS x", "the column 'x' holds a value of type Timestamp that is out of range")]
    [InlineData("SELECT 1; SELECT * FROM nowhere", "Table with name nowhere does not exist")]
    [InlineData(" ;\n", "the SQL is empty")]
    public void What_fits_no_table_is_told(string sql, string message) =>
        Assert.Contains(message, Assert.Throws<OccamException>(() => Ask(new RunStore(_root.FullName), sql)).Message);

    [Fact]
    public void The_documented_keys_are_those_there_are()
    {
        var expected = ConfigurationReference.Markdown();
        var text = Repository.Read("docs", "training.md");
        Assert.True(
            text.EndsWith(expected, StringComparison.Ordinal),
            "the end of docs/training.md is not what './occam init --reference' prints: put that in its place, from "
                + $"'{expected.Split('\n')[0]}' on. The first line that the file lacks: "
                + expected.Split('\n').Except(text.Split('\n')).FirstOrDefault("none; they stand in another order"));
    }

    private static QueryResult Ask(RunStore store, string sql) =>
        RunQuery.Ask(store, sql, cancellation: TestContext.Current.CancellationToken);

    private static double Loss(Network network, RunPlan plan)
    {
        using var trainer = new Trainer(network, plan.Train, plan.Configuration.Settings, plan.Probes);
        trainer.Begin();
        return trainer.Metrics.Single(metric => metric.Name == "test.loss").Value;
    }

    private static IEnumerable<Event> Events(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(MaskedCrc32C.Of(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var content = bytes.AsSpan(at + 12, length);
            Assert.Equal(MaskedCrc32C.Of(content), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            var parsed = Event.Parser.ParseFrom(content);
            at += length + 16;
            yield return parsed;
        }
    }

    private RunEnd Train(string name, string configuration, bool tensorBoard = false)
    {
        var reading = ConfigurationReading.OfText(configuration, "run.yaml");
        var (plan, problems) = RunPlan.Make(reading);
        Assert.Empty(problems);
        return new TrainingRun { Observer = new Nobody(), TensorBoard = tensorBoard }.Begin(plan!, reading, In(name));
    }

    private IEnumerable<(long, string, double)> Values(string name) =>
        RunFolder.Open(In(name)).Metrics().Select(metric => (metric.Step, metric.Name, metric.Value));

    private IEnumerable<string> Entries(string name) =>
        Directory.EnumerateDirectories(In(name))
            .Order(StringComparer.Ordinal)
            .Concat(Directory.EnumerateFiles(In(name)).Order(StringComparer.Ordinal))
            .Select(path => Path.GetFileName(path));

    private string In(string name) => Path.Combine(_root.FullName, name);
}
