using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class DherinTests
{
    public static TheoryData<string> Figures =>
        [.. ExperimentCatalogue.All.Values
            .Where(experiment => experiment.Paper is Papers.Dherin2021 or Papers.Dherin2022)
            .Select(experiment => experiment.Id)];

    [Theory]
    [MemberData(nameof(Figures))]
    public void Every_figure_is_drawn_at_the_smoke_scale(string id)
    {
        var experiment = ExperimentCatalogue.Find(id);
        var outcome = experiment.Run(Context([0, 1]));

        SmokeFigure.AssertIsWhole(experiment, outcome);
        Assert.All(
            outcome.Tables,
            table => Assert.All(Numbers(table, "geometric_complexity"), value => Assert.InRange(value, 0, double.MaxValue)));
    }

    [Fact]
    public void Both_papers_look_at_the_same_trainings()
    {
        var (first, second) = (Table("gor-2", "trainings", Context([0, 1])), Table("gc-4-lr", "trainings", Context([0, 1])));

        Assert.Equal(first, second);
    }

    [Fact]
    public void The_energy_is_half_the_complexity_and_verdicts_follow_from_the_tables()
    {
        var outcome = ExperimentCatalogue.Find("gor-2").Run(Context([0, 1]));

        var complexity = Numbers(outcome.Tables[1], "best_geometric_complexity");
        var fact = outcome.Verdicts[0].Statistics.Single(fact => fact.Name.PlainText == "learning rate 0.005, geometric mean");
        Assert.Equal(Math.Sqrt(complexity[0] * complexity[1]) / 2, fact.Value.Number!.Value, 1e-9 * complexity[0]);
    }

    [Fact]
    public void Label_noise_of_nothing_is_one_training_in_both_readings()
    {
        var once = Table("gc-3-noise-mnist", "once-trainings", Context([0, 1]));
        var always = Table("gc-3-noise-mnist", "every-step-trainings", Context([0, 1]));

        Assert.Equal(once[..2], always[..2]);
        Assert.NotEqual(once[2..], always[2..]);
    }

    [Fact]
    public void Trainings_are_the_same_alone_and_side_by_side()
    {
        var together = Table("gc-3-noise-mnist", "once-trainings", Context([7, 8]));
        var alone = Table("gc-3-noise-mnist", "once-trainings", Context([8], threads: 1));

        Assert.Equal(alone, together.Where(row => row.Contains(",8,", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_it_will_take_is_told_before_it_begins()
    {
        var stages = new Stages();
        ExperimentCatalogue.Find("gc-4-batch").Run(Context([0], stages: stages));

        Assert.Contains(
            "2 trainings, 24 steps in all, about ", stages.Begun.Single(stage => stage.StartsWith("training", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_figure_of_several_stages_will_take_is_told_before_the_first()
    {
        var stages = new Stages();
        ExperimentCatalogue.Find("gc-c7").Run(Context([0], stages: stages));

        // Two learning rates, two batches, one without regularization and one of each regularizer, 12 steps each.
        Assert.StartsWith("measuring", stages.Begun[0], StringComparison.Ordinal);
        Assert.StartsWith("the whole figure: 8 trainings, 96 steps in all, about ", stages.Begun[1], StringComparison.Ordinal);
        Assert.StartsWith("learning rates: 2 trainings, 24 steps in all, about ", stages.Begun[2], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_stage_has_trained_the_next_one_takes_from_there()
    {
        var stages = new Stages();
        var task = MlpTask.Create(Context([0, 1]));
        TrainingCondition Rate(string name, double rate) => new(name, rate, settings => settings with { Optimizer = new Sgd(rate) });

        var runs = TrainingGroup.Train(
            Context([0, 1], stages: stages),
            new TrainingGroup("first", task, [Rate("a", 0.1), Rate("b", 0.2)]),
            new TrainingGroup("second", task, [Rate("c", 0.2), Rate("d", 0.3)]),
            new TrainingGroup("third", task, [Rate("e", 0.3)]));

        Assert.StartsWith("the whole figure: 6 trainings", stages.Begun[1], StringComparison.Ordinal);
        Assert.StartsWith("second: 2 trainings", stages.Begun[3], StringComparison.Ordinal);
        Assert.Equal(4, stages.Begun.Count);
        Assert.Equal(["c", "c", "d", "d"], runs[1].Select(run => run.Group));
        Assert.Equal(runs[0][2..].Select(run => run.Observations[^1]), runs[1][..2].Select(run => run.Observations[^1]));
        Assert.Equal(runs[1][2..].Select(run => (run.Seed, run.End)), runs[2].Select(run => (run.Seed, run.End)));
        Assert.NotEqual(runs[0][0].End, runs[0][2].End);
    }

    [Theory]
    [InlineData(
        new[] { double.NaN, 0.5, 0.01, 0.2 }, true, Verdict.Reproduced,
        "falls to 0.010 or less in each training, judged against 0.05, and is at most 0.200 at the end")]
    [InlineData(new[] { double.NaN, 0.5, 0.1, 0.06 }, true, Verdict.NotReproduced, "falls to 0.060 or less")]
    [InlineData(new[] { double.NaN, 0.01 }, false, Verdict.NotReproduced, "A training diverged")]
    public void A_training_loss_of_zero_is_reached_at_any_time(double[] losses, bool ended, Verdict expected, string reason)
    {
        var moment = ended ? new ComplexityMeasurement(1, 0.5, 1, 1, 1) : ComplexityMeasurement.None;
        ComplexityRun Of(int seed, params double[] seen) =>
            new("one", 1, seed, [.. seen.Select((loss, i) => new ComplexityObservation(i, loss, 1, 0.5, 1))], moment, moment);
        ComplexityRuns runs = new(
        [
            Of(0, losses), Of(1, double.NaN, 0.002), Of(2, double.NaN, 0.001),
            .. new[] { 0, 1, 2 }.Select(seed => Of(seed, double.NaN, 0.003) with { Group = "two", Level = 2 }),
        ]);

        var verdict = new ComplexityByLearningRate().Verdicts(runs, ExperimentScale.Laptop).Last();

        Assert.Equal(expected, verdict.Verdict);
        Assert.Contains(reason, verdict.Reason.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_figure_goes_on_to_what_it_would_have_been()
    {
        var folder = Directory.CreateTempSubdirectory("occam-checkpoints-");
        try
        {
            using var stop = new CancellationTokenSource();
            var interrupted = Context(
                [3, 4], stages: new Stages { Reported = share => { if (share > 0.4) { stop.Cancel(); } } }, checkpoints: folder.FullName,
                cancellation: stop.Token);
            Assert.ThrowsAny<OperationCanceledException>(() => ExperimentCatalogue.Find("gc-4-batch").Run(interrupted));
            var kept = folder.GetFiles("*.npz").Length;

            var later = Table("gc-4-batch", "trainings", Context([3, 4], checkpoints: folder.FullName));

            Assert.InRange(kept, 1, 4);
            Assert.Equal(Table("gc-4-batch", "trainings", Context([3, 4])), later);
            Assert.Equal(4, folder.GetFiles("*.npz").Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_figure_is_drawn_in_bfloat16_too()
    {
        var context = Context([0], precision: Precision.BFloat16);

        var rows = Table("gc-4-batch", "trainings", context);

        Assert.NotEmpty(rows);
        Assert.NotEqual(Table("gc-4-batch", "trainings", Context([0])), rows);
    }

    private static List<string> Table(string id, string name, ExperimentContext context) =>
        [.. ExperimentCatalogue
            .Find(id)
            .Run(context).Tables
            .Single(table => table.Name == name).Rows
            .Select(row => string.Join(',', row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))))];

    private static double[] Numbers(RawTable table, string column) =>
        [.. table.Columns.Index()
            .Where(pair => pair.Item.Contains(column, StringComparison.Ordinal))
            .SelectMany(pair => table.Rows.Select(row => Convert.ToDouble(row[pair.Index], CultureInfo.InvariantCulture)))];

    private static ExperimentContext Context(
        ImmutableArray<int> seeds, int threads = 2, IExperimentProgress? stages = null, string? checkpoints = null,
        Precision precision = Precision.Float32, CancellationToken? cancellation = null) => new()
        {
            Scale = ExperimentScale.Smoke,
            Seeds = seeds,
            Threads = threads,
            Progress = stages,
            CheckpointFolder = checkpoints,
            Precision = precision,
            Cancellation = cancellation ?? TestContext.Current.CancellationToken,
        };

    private sealed class Stages : IExperimentProgress
    {
        public List<string> Begun { get; } = [];

        public Action<double> Reported { get; init; } = _ => { };

        public void Begin(string stage) => Begun.Add(stage);

        public void Report(double share)
        {
            if (Begun[^1].StartsWith("training", StringComparison.Ordinal))
            {
                Reported(share);
            }
        }
    }
}
