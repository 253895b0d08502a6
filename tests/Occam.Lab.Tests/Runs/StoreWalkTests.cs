using System.Diagnostics;
using Occam.Lab.Runs.Query;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Occam.Lab.Tests.Explaining;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Stores with links that lead back or out, and with files that are none.</summary>
public sealed class StoreWalkTests : IDisposable
{
    private const string Small = """
        network: { id: mlp, hidden: [2] }
        data: { id: waves, frequency: 0.5, train: 8, test: 4 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 4
        epochs: 2
        """;

    private readonly SmallRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Links_that_lead_back_are_not_followed()
    {
        _runs.Train("a/one", Small);
        for (var i = 0; i < 16; i++)
        {
            Directory.CreateSymbolicLink(In($"loop{i}"), ".");
            Directory.CreateSymbolicLink(In($"a/one/checkpoints/loop{i}"), "..");
        }

        var began = Stopwatch.GetTimestamp();

        Assert.Equal(["a/one"], new RunStore(_runs.Root).Runs().Select(run => run.Name));
        Assert.All(StoreCheck.Of(_runs.Root, _ => { }), check => Assert.True(check.IsWhole, check.What));
        new TrainingRun { Observer = new Nobody() }.Resume(In("a/one"));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 60);
    }

    [Theory]
    [InlineData("status.json")]
    [InlineData("metrics.jsonl")]
    [InlineData("best.onnx")]
    [InlineData("checkpoints")]
    [InlineData("checkpoints/step-000000000099.npz")]
    public void What_lies_behind_a_link_is_not_written_to(string name)
    {
        _runs.Train("one", Small);
        var other = Directory.CreateDirectory(In("elsewhere")).FullName;
        if (name != "checkpoints")
        {
            other = Path.Combine(other, "precious");
            File.WriteAllText(other, "mine");
        }
        else
        {
            Directory.Delete(In("one/checkpoints"), recursive: true);
        }

        File.Delete(In($"one/{name}"));
        File.CreateSymbolicLink(In($"one/{name}"), other);
        File.Delete(In("one/network.onnx"));

        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(In("one")));

        Assert.Contains("is a link", error.Message);
        Assert.Equal(name == "checkpoints" ? "" : "mine", string.Concat(
            Directory.GetFiles(In("elsewhere"), "*", SearchOption.AllDirectories).Select(File.ReadAllText)));
    }

    [Fact]
    public void What_lies_behind_a_link_is_not_removed()
    {
        _runs.Train("one", Small);
        var elsewhere = Directory.CreateDirectory(In("elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "precious.tmp"), "mine");
        File.WriteAllText(In("one/checkpoints/left.tmp"), "of a process that was killed");
        Directory.CreateSymbolicLink(In("one/checkpoints/linked"), elsewhere);
        File.Delete(In("one/network.onnx"));

        new TrainingRun { Observer = new Nobody() }.Resume(In("one"));

        Assert.True(File.Exists(Path.Combine(elsewhere, "precious.tmp")));
        Assert.False(File.Exists(In("one/checkpoints/left.tmp")));
    }

    [Theory]
    [InlineData("metrics.jsonl")]
    [InlineData("config.yaml")]
    [InlineData("environment.json")]
    [InlineData("status.json")]
    [InlineData("network.onnx")]
    [InlineData("tensorboard/events.out.tfevents.1.a.1")]
    public void A_pipe_among_a_runs_files_is_told_and_the_other_runs_are_there(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "There are no pipes here.");
        _runs.Train("broken", Small);
        _runs.Train("whole", Small);
        Directory.CreateDirectory(Path.GetDirectoryName(In($"broken/{name}"))!);
        File.Delete(In($"broken/{name}"));
        using (var made = Process.Start("mkfifo", In($"broken/{name}")))
        {
            made.WaitForExit();
        }

        var told = new List<string>();
        var runs = new RunStore(_runs.Root).Runs(told.Add);
        var rows = RunQuery.Ask(
            new RunStore(_runs.Root), "SELECT count(*) FROM metrics WHERE run = 'whole'", told.Add,
            cancellation: TestContext.Current.CancellationToken).Rows[0][0];
        var checks = StoreCheck.Of(_runs.Root, _ => { }).ToArray();

        Assert.Contains("whole", runs.Select(run => run.Name));
        Assert.True((long)rows! > 0);
        Assert.Contains(checks, check => !check.IsWhole && check.What.Contains("pipe"));
        var isAsked = name is not "network.onnx" && !name.StartsWith("tensorboard", StringComparison.Ordinal);
        Assert.Equal(isAsked, told.Any(why => why.Contains("pipe")));
    }

    [Fact]
    public void A_pipe_in_place_of_a_lock_keeps_nobody()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "There are no pipes here.");
        _runs.Train("one", Small);
        File.Delete(In("one/status.json"));
        using (var made = Process.Start("mkfifo", In("one/.lock")))
        {
            made.WaitForExit();
        }

        Assert.Equal(RunState.Killed, Assert.Single(new RunStore(_runs.Root).Runs()).Run.Status.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_that_is_a_link_is_refused_however_its_run_is_named(bool isRelative)
    {
        _runs.Train("one", Small);
        File.WriteAllText(In("precious"), "mine");
        File.CreateSymbolicLink(In("one/checkpoints/step-000000000099.npz"), In("precious"));
        var folder = isRelative ? Path.GetRelativePath(Environment.CurrentDirectory, In("one")) : In("one");

        var error = Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(folder));

        Assert.Contains("is a link", error.Message);
    }

    [Fact]
    public void The_network_that_is_made_anew_goes_through_no_link()
    {
        _runs.Train("one", Small);
        var before = File.ReadAllBytes(In("one/initial.onnx"));
        File.WriteAllText(In("precious"), "mine");
        File.Delete(In("one/initial.onnx"));
        File.CreateSymbolicLink(In("one/initial.onnx.anew"), In("precious"));

        new TrainingRun { Observer = new Nobody() }.Resume(In("one"));

        Assert.Equal("mine", File.ReadAllText(In("precious")));
        Assert.Equal(before, File.ReadAllBytes(In("one/initial.onnx")));
        Assert.Null(new FileInfo(In("one/initial.onnx")).LinkTarget);
    }

    private string In(string name) => Path.Combine(_runs.Root, name);
}
