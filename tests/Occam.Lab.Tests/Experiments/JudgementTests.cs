using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class JudgementTests
{
    private static readonly Claim s_claim = new("It follows.", "A paper, Figure 1");

    private static VerdictBlock Ordered(Trend trend, ExperimentScale scale, params double[][] values) =>
        Judgement.Ordered(
            s_claim, trend, "length", [.. values.Select((group, level) => new SeedGroup($"ω = {level}", level, group))], scale);

    [Theory]
    [InlineData(Trend.Rises, 1, Verdict.Reproduced)]
    [InlineData(Trend.Rises, -1, Verdict.NotReproduced)]
    [InlineData(Trend.Rises, 0, Verdict.Undecided)]
    [InlineData(Trend.Falls, 1, Verdict.NotReproduced)]
    [InlineData(Trend.Falls, -1, Verdict.Reproduced)]
    [InlineData(Trend.Falls, 0, Verdict.Undecided)]
    [InlineData(Trend.DoesNotRise, 1, Verdict.NotReproduced)]
    [InlineData(Trend.DoesNotRise, -1, Verdict.Reproduced)]
    [InlineData(Trend.DoesNotFall, 1, Verdict.Reproduced)]
    [InlineData(Trend.DoesNotFall, -1, Verdict.NotReproduced)]
    public void A_clear_slope_decides_by_its_sign_and_a_lost_one_does_not(Trend trend, double slope, Verdict expected)
    {
        double[] Around(double centre) => [centre - 0.1, centre, centre + 0.1];
        // Without a slope the means still rise, by a hundredth of the spread.
        var verdict = Ordered(trend, ExperimentScale.Laptop, Around(0), Around(slope + 0.001), Around((2 * slope) + 0.002));

        Assert.Equal(expected, verdict.Verdict);
        Assert.Equal("It follows.", verdict.Claim.PlainText);
        Assert.Equal("A paper, Figure 1", verdict.Source!.Value.PlainText);
    }

    [Theory]
    [InlineData(Verdict.Reproduced, 1, 1, 1)]
    [InlineData(Verdict.Undecided, 1, 0, 1)]
    [InlineData(Verdict.NotReproduced, 1, 0, -1)]
    public void A_claim_of_parts_holds_when_every_part_does_and_fails_with_one(Verdict expected, params int[] slopes)
    {
        double[] Around(double centre) => [centre - 0.1, centre, centre + 0.1];
        var verdict = Judgement.Every(
            s_claim,
            [.. slopes.Select((slope, i) => ($"part {i}", Ordered(Trend.Rises, ExperimentScale.Laptop, Around(0), Around(slope))))]);

        Assert.Equal(expected, verdict.Verdict);
        Assert.Equal("A paper, Figure 1", verdict.Source!.Value.PlainText);
        Assert.Equal("part 0: holds", verdict.Statistics[0].Name.PlainText);
        Assert.Equal(slopes.Select(slope => (double?)slope), verdict.Statistics
            .Take(slopes.Length)
            .Select(fact => fact.Value.Number is { } difference ? Math.Round(difference, 9) : (double?)null));
    }

    [Fact]
    public void A_difference_within_two_standard_errors_decides_nothing_and_beyond_them_it_does()
    {
        // Three values 1 apart have the standard error 1/√3, and the difference of two such means √(2/3); twice that is 1.633.
        Assert.Equal(Verdict.Undecided, Ordered(Trend.Rises, ExperimentScale.Laptop, [-1, 0, 1], [0.63, 1.63, 2.63]).Verdict);
        Assert.Equal(Verdict.Reproduced, Ordered(Trend.Rises, ExperimentScale.Laptop, [-1, 0, 1], [0.64, 1.64, 2.64]).Verdict);
    }

    [Fact]
    public void Extremes_alone_do_not_decide_against_the_order_between_them()
    {
        // The last is above the first, but the ranks 2, 3, 4, 1 … fall on the whole.
        var verdict = Ordered(Trend.Rises, ExperimentScale.Laptop, [3, 3, 3], [9, 9, 9], [2, 2, 2], [1, 1, 1], [4, 4, 4]);

        Assert.Equal(Verdict.Undecided, verdict.Verdict);
    }

    [Theory]
    [InlineData(Trend.DoesNotRise, 1)]
    [InlineData(Trend.DoesNotFall, -1)]
    [InlineData(Trend.DoesNotRise, -1)]
    [InlineData(Trend.DoesNotFall, 1)]
    public void Where_ranks_and_extremes_go_opposite_ways_nothing_is_decided(Trend trend, int sign)
    {
        // The ranks 2, 5, 4, 1, 3 have ρ = −0.2, while the last is above the first beyond all errors.
        var verdict = Ordered(
            trend, ExperimentScale.Laptop,
            [.. new double[] { 2, 5, 4, 1, 3 }.Select(value => new[] { sign * value, sign * value, sign * value })]);

        Assert.Equal(-0.2 * sign, verdict.Statistics[0].Value.Number!.Value, 6);
        Assert.Equal(Verdict.Undecided, verdict.Verdict);
    }

    [Fact]
    public void What_stays_the_same_neither_rises_nor_falls()
    {
        Assert.Equal(Verdict.Reproduced, Ordered(Trend.DoesNotRise, ExperimentScale.Laptop, [1, 2, 3], [1, 2, 3]).Verdict);
        Assert.Equal(Verdict.Reproduced, Ordered(Trend.DoesNotFall, ExperimentScale.Laptop, [1, 2, 3], [1, 2, 3]).Verdict);
    }

    [Fact]
    public void How_many_runs_had_no_finite_value_is_told()
    {
        var verdict = Ordered(Trend.Rises, ExperimentScale.Laptop, [1, 1.1, 1.2, double.NaN], [2, 2.1, 2.2, double.PositiveInfinity]);
        var both =
            Judgement.Every(s_claim, ("first", verdict), ("second", Ordered(Trend.Rises, ExperimentScale.Laptop, [1, 2, 3], [9, 10, 11])));

        Assert.Contains("2 of 8 runs ended without a finite value", verdict.Reason.PlainText, StringComparison.Ordinal);
        Assert.Equal(2, verdict.Statistics.Single(fact => fact.Name.PlainText == "runs without a finite value").Value.Number);
        Assert.Equal(2, both.Statistics.Single(
            fact => fact.Name.PlainText.StartsWith("runs without a finite value", StringComparison.Ordinal)).Value.Number);
        Assert.Equal(3, both.Statistics[^1].Value.Number);
    }

    [Fact]
    public void What_the_numbers_leave_open_is_undecided() =>
        Assert.Equal(Verdict.Undecided, Judgement.Holds(s_claim, null, "Both could be", 9, ExperimentScale.Paper).Verdict);

    [Fact]
    public void What_is_not_finite_is_left_out_and_counts_as_no_seed()
    {
        double[] high = [2, 2.1, 2.2, double.NaN];
        Assert.Equal(Verdict.Reproduced, Ordered(Trend.Rises, ExperimentScale.Laptop, [1, 1.1, 1.2, 1.3], high).Verdict);
        Assert.Equal(Verdict.Undecided, Ordered(Trend.Rises, ExperimentScale.Laptop, [1, 1.1, 1.2], [double.NaN, 2, 2.1]).Verdict);
        Assert.Equal(Verdict.Undecided, Ordered(Trend.Rises, ExperimentScale.Laptop, [1, 1.1, 1.2], [double.NaN]).Verdict);
    }

    [Theory]
    [InlineData(3, ExperimentScale.Laptop, Verdict.Reproduced)]
    [InlineData(3, ExperimentScale.Paper, Verdict.Reproduced)]
    [InlineData(2, ExperimentScale.Paper, Verdict.Undecided)]
    [InlineData(9, ExperimentScale.Smoke, Verdict.Undecided)]
    public void Few_seeds_and_the_smoke_scale_judge_nothing(int seeds, ExperimentScale scale, Verdict expected)
    {
        double[] Values(double centre) => [.. Enumerable.Range(0, seeds).Select(i => centre + (0.01 * i))];
        Assert.Equal(expected, Ordered(Trend.Rises, scale, Values(0), Values(1)).Verdict);
        Assert.Equal(expected, Judgement.Holds(s_claim, true, "It was seen", seeds, scale).Verdict);
    }

    [Fact]
    public void The_statistics_keep_their_numbers_in_full()
    {
        var facts = Ordered(Trend.Rises, ExperimentScale.Laptop, [0, 1, 2], [1 / 3.0, 4 / 3.0, 7 / 3.0]).Statistics.ToDictionary(
            fact => fact.Name.PlainText, fact => fact.Value);

        Assert.Equal(1, facts["Spearman’s ρ of the seeds’ means"].Number!.Value, 12);
        Assert.Equal(4 / 3.0, facts["ω = 1"].Number!.Value, 14);
        Assert.Equal(1 / Math.Sqrt(3), facts["ω = 1"].StandardError!.Value, 12);
        Assert.Equal(3, facts["seeds"].Number);
    }
}
