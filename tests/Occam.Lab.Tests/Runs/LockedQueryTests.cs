using Occam.Lab.Runs.Query;
using Occam.Lab.Tests.Explaining;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class LockedQueryTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [2] }
        data: { id: waves, frequency: 0.5, train: 8, test: 4 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 4
        epochs: 1
        """;

    private readonly SmallRuns _runs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_question_reads_and_writes_no_file()
    {
        Train("run");
        var metrics = In("run/metrics.jsonl");
        var before = File.ReadAllBytes(metrics);
        string[] questions =
        [
            $"SELECT * FROM read_text('{metrics}')", $"SELECT * FROM '{metrics}'", $"SELECT * FROM glob('{_runs.Root}/*')",
            $"COPY metrics TO '{metrics}'", $"ATTACH '{In("new.db")}'", "INSTALL httpfs", "LOAD httpfs", $"EXPORT DATABASE '{In("all")}'",
            $"SELECT 1; COPY metrics TO '{metrics}'", "SET enable_external_access = true", "SET lock_configuration = false",
            $"SET temp_directory = '{_runs.Root}'", $"SET allowed_directories = ['{_runs.Root}']", "RESET enable_external_access",
        ];

        Assert.All(questions, question => Assert.Contains("can't be answered", Assert.Throws<OccamException>(() => Ask(question)).Message));
        Assert.Contains("unless --unlocked lets them at files", Assert.Throws<OccamException>(() => Ask(questions[0])).Message);
        Assert.Equal(before, File.ReadAllBytes(metrics));
        Assert.Equal(["run"], Directory.EnumerateFileSystemEntries(_runs.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Unlocked_it_does()
    {
        Train("run");

        Ask($"COPY (SELECT name FROM metrics) TO '{In("names.csv")}'", isUnlocked: true);

        var rows = Assert.Single(Ask("SELECT count(*) FROM metrics").Rows)[0];
        Assert.Equal((long)rows!, File.ReadLines(In("names.csv")).Count() - 1);
        Assert.Equal("name", File.ReadLines(In("names.csv")).First());
    }

    [Fact]
    public void A_name_is_no_pattern()
    {
        Train("run*");
        Train("run1");
        Train("run[12]");
        Train("o'ne");

        var counted = Ask("SELECT run, count(*) FROM metrics GROUP BY run ORDER BY run").Rows.Select(row => (row[0], row[1]));

        var rows = (long)File.ReadLines(In("run1/metrics.jsonl")).Count();
        Assert.Equal([("o'ne", rows), ("run*", rows), ("run1", rows), ("run[12]", rows)], counted);
    }

    [Theory]
    [InlineData("twice")]
    [InlineData("cut")]
    [InlineData("gone")]
    public void Rows_that_are_gone_or_there_twice_are_said(string how)
    {
        Train("run");
        var path = In("run/metrics.jsonl");
        var lines = File.ReadAllLines(path);
        if (how == "gone")
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllLines(path, how == "cut" ? lines[..^1] : [lines[0], .. lines]);
        }

        var notes = new List<string>();
        RunQuery.Ask(new RunStore(_runs.Root), "SELECT count(*) FROM metrics", notes.Add, cancellation: Token);

        Assert.Contains("metrics.jsonl' is damaged: it", Assert.Single(notes));
    }

    [Fact]
    public void What_is_damaged_is_left_out_and_said()
    {
        Train("run");
        var lines = File.ReadAllLines(In("run/metrics.jsonl"));
        File.WriteAllLines(In("run/metrics.jsonl"), [lines[0], lines[1].Replace(":", "!"), .. lines[2..]]);
        var notes = new List<string>();

        var rows = RunQuery.Ask(new RunStore(_runs.Root), "SELECT * FROM metrics", notes.Add, cancellation: Token).Rows;

        Assert.Equal(lines.Length - 1, rows.Length);
        Assert.Contains("is damaged in line 2", Assert.Single(notes));
        Assert.EndsWith("the row is left out", notes[0]);
    }

    public void Dispose() => _runs.Dispose();

    private string In(string path) => Path.Combine(_runs.Root, path);

    private QueryResult Ask(string sql, bool isUnlocked = false) =>
        RunQuery.Ask(new RunStore(_runs.Root), sql, isUnlocked: isUnlocked, cancellation: Token);

    private void Train(string name) => _runs.Train(name, Small);
}
