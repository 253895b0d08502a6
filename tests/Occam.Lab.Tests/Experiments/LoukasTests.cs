using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
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

        Assert.Equal(experiment.Claims.Length, outcome.Verdicts.Length);
        Assert.All(outcome.Verdicts, verdict => Assert.Equal(Verdict.Undecided, verdict.Verdict));
        Assert.NotEmpty(outcome.Panels);
        Assert.All(outcome.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
        Assert.All(outcome.Tables, table => Assert.NotEmpty(table.Rows));
    }

    [Fact]
    public void The_theorems_on_the_trajectory_hold_in_every_epoch()
    {
        var outcome = ExperimentCatalogue.Find("bth-2-regression").Run(Context([3, 4, 5]));

        // The equality of Lemma 1 is told as the largest relative difference; the corollaries by their least slack.
        Assert.Contains("trainings, in every epoch", outcome.Verdicts[4].Reason.PlainText, StringComparison.Ordinal);
        Assert.StartsWith("It holds in 12 of 12", outcome.Verdicts[4].Reason.PlainText, StringComparison.Ordinal);
        Assert.StartsWith("It holds in 12 of 12", outcome.Verdicts[5].Reason.PlainText, StringComparison.Ordinal);
        Assert.InRange(outcome.Verdicts[4].Statistics[0].Value.Number!.Value, 0, 1);
        Assert.InRange(outcome.Verdicts[5].Statistics[0].Value.Number!.Value, 0, 1);
        Assert.InRange(outcome.Verdicts[3].Statistics[0].Value.Number!.Value, 0, 1e-3);
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
