using Occam.Lab.Measuring;
using Occam.Lab.Ranking;
using Occam.Lab.Runs.Store;
using Occam.Lab.Tests.Runs;
using Occam.Measures.Weights;
using Xunit;

namespace Occam.Lab.Tests.Ranking;

/// <summary>What a ranking will take, told from its first runs.</summary>
public sealed class RunsForecastTests : IDisposable
{
    private readonly RunMaker _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void The_pace_of_the_first_run_is_that_of_all()
    {
        var progress = new WorkProgress();
        var forecast = new RunsForecast(24, progress);
        forecast.Begin();

        forecast.End(TimeSpan.FromSeconds(10));
        forecast.End(TimeSpan.FromSeconds(30));

        Assert.Equal(["measuring 24 runs: about 4 minutes"], progress.TakeLines());
        Assert.Equal(2.0 / 24, Assert.Single(progress.Steps).Share, 1e-12);
    }

    [Fact]
    public void The_first_run_alone_tells_what_its_measures_take()
    {
        var progress = new WorkProgress();
        var forecast = new RunsForecast(24, progress);
        forecast.Begin();

        forecast.OfRun()!.Within(new(), _ => { }).ExpectWork!("a long one", TimeSpan.FromMinutes(2));
        forecast.End(TimeSpan.FromSeconds(0.1));

        Assert.Equal(["the first of 24 runs: a long one: about 2 minutes"], progress.TakeLines());
        Assert.Null(forecast.OfRun());
    }

    [Fact]
    public void What_is_done_of_a_run_grows_by_its_errors_and_measures_and_what_is_kept_costs_nothing()
    {
        var run = RunFolder.Open(_runs.Train("one"));
        var measuring = new RunMeasuring { Measures = [new L2Norm(), new L2PathNorm()] };
        Assert.False(measuring.IsKept(run));
        List<double> shares = [];

        measuring.Measure(run, [], shares.Add);

        Assert.Equal(shares.Order(), shares);
        Assert.Equal([1.0 / 3, 2.0 / 3], shares.Where(share => share is 1.0 / 3 or 2.0 / 3).Distinct());
        Assert.True(measuring.IsKept(run));
        shares.Clear();
        measuring.Measure(run, [], shares.Add);
        Assert.Empty(shares);
    }
}
