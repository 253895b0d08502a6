using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;
using Occam.Measures.Graphs;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class ParabolaTests
{
    private static ImmutableArray<ParabolaRun> Train(ParabolaOptions options) => new Parabola(options).Run().Runs;

    [Fact]
    public void The_shortest_curve_through_ten_points_of_a_parabola_has_the_length_of_the_polyline()
    {
        // Between neighbours of ten equispaced points of x², the slope is the sum of their abscissae.
        var sum = 0.0;
        for (var i = 0; i < 9; i++)
        {
            var slope = -2 + (2.0 * ((2 * i) + 1) / 9);
            sum += 2.0 / 9 * Math.Sqrt(1 + (slope * slope));
        }

        Assert.Equal(sum, Parabola.ShortestLength, 12);
        Assert.Equal(2.9505, sum, 4);
    }

    [Fact]
    public void A_recorded_arc_length_is_that_of_the_recorded_function()
    {
        var last = new Dictionary<int, (ParabolaPoint Point, ParabolaFunction Function)>();
        Train(new ParabolaOptions { Steps = 20, Seeds = 1, Recorded = (index, point, function) => last[index] = (point, function) });

        var (point, function) = last[0];
        var dense = 0.0;
        for (var i = 0; i + 1 < function.X.Length; i++)
        {
            dense += Math.Sqrt(Math.Pow(function.X[i + 1] - function.X[i], 2) + Math.Pow(function.Y[i + 1] - function.Y[i], 2));
        }

        Assert.Equal(20, point.Step);
        Assert.Equal(dense, point.ArcLength, 12);
        Assert.Equal(-1, function.X[0]);
        Assert.Equal(1, function.X[^1]);
        Assert.Equal(function.X.Length - 1, point.Pieces);
        Assert.True(
            point.ArcLength >= point.ShortestForItsValues, "no curve through the predictions is shorter than the polyline through them");
        Assert.True(point.Pieces > 100, "900 ReLU units bend the function in more than 100 places");
    }

    [Fact]
    public void A_training_is_the_same_alone_and_side_by_side()
    {
        var alone = Train(new ParabolaOptions { Steps = 60, Seeds = 1, Seed = 1, Parallel = 1 })[0];
        var together = Train(new ParabolaOptions { Steps = 60, Seeds = 2, Seed = 0, Parallel = 2 })[1];
        Assert.Equal(1, together.Seed);
        Assert.Equal(alone.Track, together.Track);
    }

    [Fact]
    public void Training_lowers_the_loss_and_begins_near_the_zero_function()
    {
        var run = Train(new ParabolaOptions { Steps = 50, Seeds = 1 })[0];
        Assert.Equal(0, run.Track[0].Step);
        Assert.True(run.Track[^1].Loss < run.Track[0].Loss / 5);
        Assert.True(run.Start.Y.Max(Math.Abs) < 1);
        Assert.Equal([1L, 20, 40, 50], run.Shown.Select(function => function.Step));
    }

    [Fact]
    public void Interrupted_training_stops()
    {
        using var source = new CancellationTokenSource();
        var options =
            new ParabolaOptions { Steps = 1_000_000, Seeds = 2, Cancellation = source.Token, Recorded = (_, _, _) => source.Cancel() };
        Assert.ThrowsAny<OperationCanceledException>(() => new Parabola(options).Run());
    }

    [Fact]
    public void Every_recorded_function_is_at_least_as_long_as_the_shortest_of_its_error()
    {
        var run = Train(new ParabolaOptions { Steps = 40, Seeds = 1 })[0];

        Assert.All(run.Track.Zip(run.Functions), pair =>
        {
            var (point, function) = pair;
            var error = function.Predictions.Zip(Parabola.Y, (value, target) => (value - target) * (value - target)).Average();
            Assert.Equal(ShortestCurve.Of(Parabola.X, Parabola.Y, error).Length, point.ShortestForItsError, 1e-9);
            Assert.InRange(point.ShortestForItsValues, point.ShortestForItsError, point.ArcLength);
        });
    }

    [Fact]
    public void The_height_of_a_function_is_its_root_mean_square()
    {
        // ½ ∫ (2x + 1)² over [−1, 1] is 4/3 + 1; corners on the way change nothing.
        var line = new ParabolaFunction(0, [-1, 0.25, 1], [-1, 1.5, 3], []);

        Assert.Equal(Math.Sqrt(7 / 3.0), line.RootMeanSquare, 14);
    }

    [Fact]
    public void A_training_cut_short_is_not_judged()
    {
        var experiment = new Parabola(new ParabolaOptions { Steps = 20, Seeds = 3 });
        var verdicts = new ParabolaExperiment().Verdicts(experiment.Run(), ExperimentScale.Laptop);

        Assert.All(verdicts, verdict => Assert.Equal((Verdict.Undecided, true), (verdict.Verdict, verdict.PremiseFails)));
        Assert.Contains("20 of the paper’s 30,000 steps", verdicts[0].Reason.PlainText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gor-1")]
    [InlineData("gc-1")]
    public void The_settings_tell_the_seeds_and_what_near_means(string id)
    {
        var outcome = ExperimentCatalogue.Find(id).Run(
            new ExperimentContext { Scale = ExperimentScale.Smoke, Seeds = [4, 5], Cancellation = TestContext.Current.CancellationToken });

        Assert.Equal("4, 5", outcome.Settings.Single(setting => setting.Name.PlainText == "seeds").Value.PlainText);
        Assert.Contains(
            "at most 5 % above", outcome.Settings.Single(setting => setting.Name.PlainText == "shortest on the way").Value.PlainText,
            StringComparison.Ordinal);
        Assert.Contains('?', outcome.Headline);
    }

    [Fact]
    public void The_page_shows_the_function_its_length_and_every_verdict()
    {
        var runs = new Parabola(new ParabolaOptions { Steps = 20, Seeds = 1 }).Run();
        var html = ParabolaPage.Of(runs, "occam demo --steps 20").ToHtml();
        Assert.Contains("step 20", html);
        Assert.Contains("Arc length of the learned function", html);
        Assert.Contains("draws almost the shortest curve? Undecided", html);
        Assert.Contains("occam demo --steps 20", html);
        Assert.All(new ParabolaExperiment().Claims, claim => Assert.Contains(claim.Text, html, StringComparison.Ordinal));
    }
}
