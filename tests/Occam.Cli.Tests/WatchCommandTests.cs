using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class WatchCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Networks_of_another_program_become_a_run_of_the_store()
    {
        Directory.CreateDirectory(_place.In("nets"));
        _place.Linear("nets/step-10.onnx");
        _place.Linear("nets/step-20.onnx", factor: 2);
        var (points, run) = (_place.Points(), _place.In("run"));
        string[] command = ["watch", _place.In("nets"), "--data", points, "--measures", "geometric-complexity", "--once", "--out", run];
        var outcome = Workplace.Run(command);
        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Contains("step-10.onnx  step 10  geometric-complexity 30", outcome.Output);
        Assert.Contains("the last network of step 20", outcome.Output);
        Assert.Equal(
            [(10L, Workplace.SquaredNorm), (20L, 4 * Workplace.SquaredNorm)],
            RunFolder.Open(run).Metrics().Select(metric => (metric.Step, metric.Value)));

        Assert.Contains("run", Workplace.Run("runs", "--root", _place.In(".")).Output);
        Assert.Contains(
            "geometric-complexity", Workplace.Run("runs", "query", "SELECT name FROM metrics", "--root", _place.In(".")).Output);
        Assert.Contains("trained by another program", Workplace.Run("explain", run).Error);
        Assert.Contains("trained by another program", Workplace.Run("train", "--resume", run).Error);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
    {
        var outcome = Workplace.Run("watch", _place.In("none"), "--data", _place.Points());
        Assert.Equal(ExitCode.UserError, outcome.Code);
        Assert.Contains("there is no folder", outcome.Error);
    }
}
