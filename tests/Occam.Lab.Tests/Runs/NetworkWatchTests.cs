using System.Collections.Immutable;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Watching;
using Occam.Measures;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Watching a folder of networks that another program writes: here files of text, whose length is their measure.</summary>
public sealed class NetworkWatchTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("occam-watch-");

    public NetworkWatchTests() => Directory.CreateDirectory(In("nets"));

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("net-1200.onnx", 1200L, null)]
    [InlineData("epoch=3-step=1200.onnx", 1200L, 3L)]
    [InlineData("model_epoch_07.onnx", 7L, 7L)]
    [InlineData("v2_iter_000500_best.onnx", 500L, null)]
    [InlineData("resnet18.final.onnx", 18L, null)]
    [InlineData("latest.onnx", null, null)]
    [InlineData("step99999999999999999999.onnx", null, null)]
    public void A_name_says_the_step(string name, long? step, long? epoch) =>
        Assert.Equal(new NetworkMoment(step, epoch), NetworkMoment.OfName(name));

    [Fact]
    public void Networks_are_measured_by_their_steps()
    {
        Put("step-20.onnx", 200);
        Put("step-3.onnx", 30);
        Put("notes.txt", 5);
        var end = Watch().Run(In("run"));
        Assert.Equal((RunState.Completed, 20L, $"measured 2 networks of '{In("nets")}'"), (end.State, end.Step, end.Why));
        Assert.Equal([(3L, 3.0, 30.0), (20L, 20.0, 200.0)], Values());
        Assert.All(RunCheck.Of(In("run")), file => Assert.True(file.IsWhole, file.What));
    }

    [Fact]
    public void A_watch_goes_on_as_if_it_had_not_stopped()
    {
        Put("step-1.onnx", 10);
        Put("step-2.onnx", 20);
        Watch().Run(In("run"));
        Put("step-3.onnx", 30);
        var measured = new List<string>();
        Watch(Recording(measured)).Run(In("run"));
        Assert.Equal(["step-3.onnx"], measured);
        Watch().Run(In("whole"));
        Assert.Equal(File.ReadAllBytes(In("whole/metrics.jsonl")), File.ReadAllBytes(In("run/metrics.jsonl")));
    }

    [Fact]
    public void What_a_kill_left_unfinished_is_measured_anew()
    {
        Put("step-1.onnx", 10);
        Watch().Run(In("run"));
        var (metrics, log) = (File.ReadAllBytes(In("run/metrics.jsonl")), File.ReadAllBytes(In("run/watched.json")));
        Put("step-2.onnx", 20);
        Watch().Run(In("run"));
        var whole = File.ReadAllBytes(In("run/metrics.jsonl"));

        // Killed after the rows, and before the log knew of them.
        File.WriteAllBytes(In("run/watched.json"), log);
        Watch().Run(In("run"));
        Assert.Equal(whole, File.ReadAllBytes(In("run/metrics.jsonl")));

        // Killed in the middle of a row.
        File.WriteAllBytes(In("run/metrics.jsonl"), [.. metrics, .. whole[metrics.Length..^3]]);
        File.WriteAllBytes(In("run/watched.json"), log);
        Watch().Run(In("run"));
        Assert.Equal(whole, File.ReadAllBytes(In("run/metrics.jsonl")));
    }

    [Fact]
    public void A_file_that_is_written_again_is_the_network_of_a_later_step()
    {
        Put("latest.onnx", 10);
        Watch().Run(In("run"));
        Watch().Run(In("run"));
        Put("latest.onnx", 20);
        Watch().Run(In("run"));
        Assert.Equal([(0L, 0.0, 10.0), (1L, 1.0, 20.0)], Values());
    }

    [Fact]
    public void A_network_that_cannot_be_measured_is_told_once_and_the_others_are_measured()
    {
        Put("step-1.onnx", 13);
        Put("step-2.onnx", 20);
        var (tries, told) = (0, new List<string>());
        for (var i = 0; i < 2; i++)
        {
            Watch(
                path => new FileInfo(path).Length == 13 ? throw new OccamException($"try {++tries}") : Length(path),
                failed: (name, why) => told.Add($"{name}: {why}")).Run(In("run"));
        }

        Assert.Equal(3, tries);
        Assert.Equal("step-1.onnx: try 3", Assert.Single(told));
        Assert.Equal([(2L, 2.0, 20.0)], Values());
        Assert.EndsWith("; 1 couldn't be", RunFolder.Open(In("run")).Status.Why);
    }

    [Fact]
    public void A_file_is_left_alone_while_it_grows()
    {
        var files = new SteadyFiles(In("nets"), "*.onnx");
        Put("step-1.onnx", 10);
        Assert.Empty(files.Glance());
        Put("step-1.onnx", 20);
        Assert.Empty(files.Glance());
        Assert.Equal(["step-1.onnx"], files.Glance());
        Put("step-2.onnx", 0);
        Assert.Equal(["step-1.onnx"], files.Glance());
        Assert.Equal(["step-1.onnx"], files.Glance());
    }

    [Fact]
    public void It_ends_when_it_is_interrupted_and_keeps_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        Put("step-1.onnx", 10);
        Put("step-2.onnx", 20);
        var watch = Watch(
            path =>
            {
                stop.Cancel();
                return Length(path);
            },
            idle: null, stop: stop);
        Assert.Equal((RunState.Interrupted, 1L), (watch.Run(In("run")).State, Values().LongLength));
        Watch().Run(In("run"));
        Assert.Equal([(1L, 1.0, 10.0), (2L, 2.0, 20.0)], Values());
    }

    [Fact]
    public void Another_run_is_not_written_into()
    {
        Put("step-1.onnx", 10);
        Watch().Run(In("run"));
        Assert.Contains("begun with other measures", Assert.Throws<OccamException>(() => Watch(asked: "other").Run(In("run"))).Message);
        Assert.Contains("is not empty", Assert.Throws<OccamException>(() => Watch().Run(In("nets"))).Message);
        Assert.Contains(
            "trained by another program", Assert.Throws<OccamException>(() => RunFolder.Open(In("run")).Configuration).Message);
    }

    private static ImmutableArray<MeasureResult> Length(string path) =>
    [
        new MeasureResult { Id = "length", Title = "Length", Source = "", Value = new FileInfo(path).Length },
        new MeasureResult { Id = "no", Title = "No", Source = "", NotApplicable = "doesn't apply" },
    ];

    private static Func<string, ImmutableArray<MeasureResult>> Recording(List<string> measured) => path =>
    {
        measured.Add(Path.GetFileName(path));
        return Length(path);
    };

    private NetworkWatch Watch(
        Func<string, ImmutableArray<MeasureResult>>? measure = null, string asked = "watch: nets\n", int every = 5, int? idle = 0,
        Action<string, string>? failed = null, CancellationTokenSource? stop = null) => new()
        {
            Watched = In("nets"),
            Measure = measure ?? Length,
            Asked = asked,
            Every = TimeSpan.FromMilliseconds(every),
            Idle = idle is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Failed = failed ?? ((_, _) => { }),
            Cancellation = stop?.Token ?? TestContext.Current.CancellationToken,
        };

    private (long Step, double Epoch, double Value)[] Values() =>
        [.. RunFolder.Open(In("run")).Metrics().Select(metric => (metric.Step, metric.Epoch, metric.Value))];

    private void Put(string name, int length) => File.WriteAllText(In($"nets/{name}"), new string('a', length));

    private string In(string name) => Path.Combine(_root.FullName, name);
}
