using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using Occam.Training.Trajectories;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class LoukasTests
{
    public static TheoryData<string> Figures =>
        [.. ExperimentCatalogue.All.Values.Where(experiment => experiment.Paper == Papers.Loukas2021).Select(experiment => experiment.Id)];

    [Theory]
    [MemberData(nameof(Figures))]
    public void Every_figure_is_drawn_at_the_smoke_scale(string id)
    {
        var experiment = ExperimentCatalogue.Find(id);
        var outcome = experiment.Run(Context([0, 1]));

        SmokeFigure.AssertIsWhole(experiment, outcome);
    }

    [Fact]
    public void The_theorems_on_the_trajectory_hold_in_every_epoch_whatever_the_first_weights_are()
    {
        var runs = new RegressionTrajectories().Compute(Context([3, 4, 5]));

        Assert.All(runs.Figure.Concat(runs.RandomFirst), run =>
        {
            var bounds = run.Bounds!;
            Assert.True(TrajectoryBounds.Holds(bounds.Lower) && TrajectoryBounds.Holds(bounds.Upper));
            Assert.InRange(bounds.Variance, 0, 1);
            Assert.InRange(bounds.Distance, 0, 1);
            Assert.InRange(bounds.Disagreement, 0, TrajectoryWindow.StoredPrecision);
        });

        // With the identity both sides are the same sum; with random weights neither is met.
        Assert.All(runs.Figure, run =>
        {
            Assert.Equal(1, run.Bounds!.Looseness.Lower, 6);
            Assert.Equal(1, run.Bounds.Looseness.Upper, 6);
        });
        Assert.All(runs.RandomFirst, run => Assert.True(run.Bounds!.Looseness is { Lower: > 1.05, Upper: > 1.05 }));
    }

    [Fact]
    public void The_loss_of_the_best_constant_is_half_the_variance_or_the_entropy()
    {
        var waves = DataSet.FromArrays("waves", [1], [0, 0, 0, 0], targets: [3.0, 5.0, 3.0, 5.0]);
        var classes = DataSet.FromArrays("classes", [1], [0, 0, 0, 0], [0, 1, 1, 1]);

        Assert.Equal(0.5, TrainingFit.ConstantLoss(waves), 12);
        Assert.Equal(-(0.25 * Math.Log(0.25)) - (0.75 * Math.Log(0.75)), TrainingFit.ConstantLoss(classes), 12);
    }

    [Fact]
    public void Most_of_what_there_is_to_learn_is_left_after_a_few_epochs()
    {
        var runs = new RegressionTrajectories().Compute(Context([0])).Figure;

        // ½ the variance of cos(πz₁/2) cos(πz₂/2) over the square is ½(¼ − (2/π)⁴); a hundred points are near it.
        Assert.InRange(runs[0].ConstantLoss, 0.6 * 0.5 * (0.25 - Math.Pow(2 / Math.PI, 4)), 1.6 * 0.5 * (0.25 - Math.Pow(2 / Math.PI, 4)));
        Assert.All(runs, run => Assert.InRange(TrainingFit.Left(run), TrainingFit.Fitted, 1.5));
        Assert.All(runs, run => Assert.Null(TrainingFit.Windows(run)));
    }

    [Fact]
    public void Theorem_2_is_asked_about_every_empty_region()
    {
        var picture = new RegionsOnThePlane().Compute(Context([1]))[0];

        Assert.Equal(4, picture.Regions.Sum(region => region.Area), 6);
        Assert.All(
            picture.Regions,
            region => Assert.True(region.IsEmpty ? region.IsBounded || region.IsSilent : double.IsNaN(region.Bound)));
    }

    [Fact]
    public void Trainings_are_the_same_alone_and_side_by_side()
    {
        var together = Cells("bth-9", Context([7, 8]));
        var alone = Cells("bth-9", Context([8], threads: 1));

        Assert.Equal(alone, together.Where(row => row.Contains(",8,", StringComparison.Ordinal)));
    }

    private static List<string> Cells(string id, ExperimentContext context) =>
        [.. ExperimentCatalogue
            .Find(id)
            .Run(context).Tables
            .SelectMany(table => table.Rows.Select(row => $"{table.Name},{string.Join(',', row)}"))];

    private static ExperimentContext Context(ImmutableArray<int> seeds, int threads = 2) => new()
    {
        Scale = ExperimentScale.Smoke,
        Seeds = seeds,
        Threads = threads,
        Cancellation = TestContext.Current.CancellationToken,
    };
}
