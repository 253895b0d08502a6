using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2022;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class DoubleDescentTests
{
    private static readonly Claim s_claim = new("It peaks.", "A paper, Figure 5");
    private static readonly double[] s_loss = [1, 2, 5, 2, 1];

    private static SeedGroup[] Groups(double spread, params double[] means) =>
        [.. means.Select((mean, i) => new SeedGroup($"width {i + 1}", i + 1, [mean - spread, mean, mean + spread]))];

    [Theory]
    [InlineData(Verdict.Reproduced, 1.0, 2.0, 9.0, 3.0, 2.0)] // the same width
    [InlineData(Verdict.Reproduced, 1.0, 9.0, 2.0, 3.0, 2.0)] // the one beside it
    [InlineData(Verdict.NotReproduced, 1.0, 2.0, 3.0, 4.0, 9.0)] // no peak: it rises to the end
    [InlineData(Verdict.NotReproduced, 9.0, 4.0, 3.0, 2.0, 1.0)]
    [InlineData(Verdict.Undecided, 1.0, 2.0, 9.0, 3.0, 9.01)] // the last may be as large
    [InlineData(Verdict.Undecided, 1.0, 2.0, 9.0, 3.0, 8.9)]
    public void Complexity_peaks_where_the_loss_does_only_beyond_the_errors(Verdict expected, params double[] complexities) =>
        Assert.Equal(
            expected, DoubleDescentClaims.Peak(s_claim, Groups(0.1, s_loss), Groups(0.1, complexities), ExperimentScale.Laptop).Verdict);

    [Fact]
    public void Noise_in_the_loss_leaves_its_peak_open()
    {
        var complexities = Groups(0.1, 1, 2, 9, 3, 2);

        Assert.Equal(Verdict.Undecided, DoubleDescentClaims.Peak(s_claim, Groups(5, s_loss), complexities, ExperimentScale.Laptop).Verdict);
        Assert.Equal(
            Verdict.Undecided,
            DoubleDescentClaims.UShape(s_claim, Groups(5, 5, 2, 1, 2, 5), Groups(0.1, 1, 2, 3, 4, 5), ExperimentScale.Laptop).Verdict);
    }

    [Theory]
    [InlineData(Verdict.Reproduced, 1.0, 2.0, 9.0, 3.0, 2.0)]
    [InlineData(Verdict.NotReproduced, 1.0, 2.0, 3.0, 4.0, 5.0)]
    public void Beyond_the_critical_width_the_complexity_is_judged_from_there_on(Verdict expected, params double[] complexities) =>
        Assert.Equal(
            expected,
            DoubleDescentClaims.FallBeyond(s_claim, Groups(0.1, s_loss), Groups(0.1, complexities), ExperimentScale.Laptop).Verdict);

    [Fact]
    public void Without_a_critical_width_inside_the_range_nothing_is_beyond_it()
    {
        foreach (var losses in new double[][] { [1, 2, 3, 4, 5], [5, 4, 3, 2, 1] })
        {
            Assert.Equal(
                Verdict.Undecided,
                DoubleDescentClaims.FallBeyond(s_claim, Groups(0.1, losses), Groups(0.1, 5, 4, 3, 2, 1), ExperimentScale.Laptop).Verdict);
        }
    }

    [Theory]
    [InlineData(Verdict.Reproduced, 5.0, 2.0, 1.0, 2.0, 5.0)]
    [InlineData(Verdict.NotReproduced, 5.0, 4.0, 3.0, 2.0, 1.0)]
    [InlineData(Verdict.Undecided, 5.0, 4.0, 1.0, 2.0, 1.01)]
    public void Loss_over_complexity_is_u_shaped_when_both_ends_are_above_the_least(Verdict expected, params double[] losses) =>
        Assert.Equal(
            expected, DoubleDescentClaims.UShape(s_claim, Groups(0.1, losses), Groups(0.1, 1, 2, 3, 4, 5), ExperimentScale.Laptop).Verdict);

    [Fact]
    public void A_width_whose_trainings_all_diverged_decides_nothing()
    {
        SeedGroup[] losses = Groups(0.1, 1, 2, 5, double.NaN, 1), complexities = Groups(0.1, 1, 2, 3, double.NaN, 9);

        Assert.Equal(Verdict.Undecided, DoubleDescentClaims.Peak(s_claim, losses, complexities, ExperimentScale.Laptop).Verdict);
        Assert.Equal(Verdict.Undecided, DoubleDescentClaims.FallBeyond(s_claim, losses, complexities, ExperimentScale.Laptop).Verdict);
        Assert.Equal(Verdict.Undecided, DoubleDescentClaims.UShape(s_claim, losses, complexities, ExperimentScale.Laptop).Verdict);
    }

    [Fact]
    public void The_least_number_of_finished_seeds_counts()
    {
        var losses = Groups(0.1, s_loss);
        losses[1] = losses[1] with { Values = [2, 2, double.NaN] };
        var verdict = DoubleDescentClaims.Peak(s_claim, losses, Groups(0.1, 1, 2, 9, 3, 2), ExperimentScale.Laptop);

        Assert.Equal(Verdict.Undecided, verdict.Verdict);
        Assert.Equal(2, verdict.Statistics[^1].Value.Number);
        Assert.Equal(1, verdict.Statistics[^2].Value.Number);
    }
}
