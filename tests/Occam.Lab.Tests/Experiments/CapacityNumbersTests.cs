using Occam.Lab.Experiments.Neyshabur2017;
using Xunit;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpClassifiers;

namespace Occam.Lab.Tests.Experiments;

/// <summary>The numbers that claims of Neyshabur et al. 2017 are judged by, against what they are by hand.</summary>
public sealed class CapacityNumbersTests
{
    [Fact]
    public void The_power_that_a_norm_grows_with_is_that_of_a_power_law_whatever_the_margins_of_true_labels_do()
    {
        NormValues[] runs =
        [
            .. from size in new[] { 500, 1000, 4000 }
               from random in new[] { false, true }
               from seed in new[] { 3, 4 }
               select Norms(
                   Trained("", size, seed, random), norm => random ? seed + (norm * Math.Log10(size)) : 7, margin: random ? 2 : size),
        ];

        foreach (var norm in Enumerable.Range(0, NormValues.Names.Length))
        {
            Assert.All(LabelClaims.Exponents(runs, norm, random: true), power => Assert.Equal(norm, power, 1e-9));
        }
    }

    [Fact]
    public void A_norm_over_the_squared_margin_is_its_logarithm_less_twice_the_margins_and_none_without_a_positive_margin()
    {
        var values = Norms(Trained("", 0, 0), norm => norm, margin: 100, terms: 0.5) with { Margins = [-1, 0, 100, 1000] };

        Assert.Equal(3 - 4, values.OverMargin(3), 1e-12);
        Assert.Equal(3 - 6, values.OverMargin(3, 3), 1e-12);
        Assert.Equal(3 - 4 + 0.5, values.Capacity(3), 1e-12);
        Assert.True(double.IsNaN(values.OverMargin(3, 0)));
        Assert.True(double.IsNaN(values.OverMargin(3, 1)));
    }

    [Fact]
    public void Of_three_networks_one_whose_margin_of_one_share_puts_it_before_its_neighbour_changes_a_ninth_of_the_order()
    {
        // Norms of 0, 1 and 2 by their logarithms. The first's margin of 0.001 makes it 1.5 there, between the others.
        NormValues[] runs = [.. Enumerable.Range(0, 3).Select(i => Norms(Trained("", i, 0), _ => i))];
        runs[0] = runs[0] with { Margins = [Math.Pow(10, -0.75), 1, 1, 1] };

        Assert.Equal(1, LabelClaims.InTheSameOrder(runs[1..]));
        Assert.Equal(8 / 9.0, LabelClaims.InTheSameOrder(runs), 1e-12);
    }

    [Fact]
    public void The_divergence_at_a_sharpness_lies_between_two_points_in_proportion_of_its_logarithm()
    {
        var run = Sharpness(Trained("", 0, 0), 1, 6);

        // A quarter of the way from a sharpness of 0.1 and 10⁶ to one of 0.2 and 10².
        var other = run with { Curve = [new(0.001, 0.1, 0, 1e6), new(0.01, 0.2, 0, 1e2)] };

        Assert.Equal(6, run.LogKl(), 1e-9);
        Assert.Equal(6 - (2 * 0.15), run.LogKl(0.2), 1e-9);
        Assert.Equal(5, other.LogKl(0.125), 1e-9);
        Assert.True(double.IsNaN(other.LogKl(0.05)));
    }

    [Fact]
    public void Sharpness_and_divergence_add_up_as_in_equation_5_at_the_best_size()
    {
        var trained = Trained("", 0, 0, testError: 0.25);
        var run = new CombinationRun(
            64, 0.1, 16, 0, 100, Norms(trained, norm => norm),
            new SharpnessValues(trained, 3, [new(0.001, 0.01, 0, 2000), new(0.005, 0.3, 0, 80), new(0.1, 2, 0, 0.2)]));

        // m = 100 and δ = 0.05: ln 4000; half of what is plotted is the divergence.
        Assert.Equal(0.3 + Math.Sqrt((40 + Math.Log(4000)) / 100), CombinationMeasure.Sum.Value(run), 1e-12);
        Assert.Equal(Math.Log10(2000 * 1e-6), CombinationMeasure.Weighted.Value(run), 1e-12);
        Assert.Equal(0.3, CombinationMeasure.Expected.Value(run), 1e-12);
        Assert.Equal(
            0.3 * 0.002 * 0.002, CombinationMeasure.Product(CombinationMeasure.Expected, CombinationMeasure.Weighted, 2).Value(run), 1e-15);
        Assert.Equal(3 * 1000, CombinationMeasure.Product(CombinationMeasure.Max, CombinationMeasure.Path, 1).Value(run), 1e-9);
        Assert.Equal(0.25, run.Gap, 1e-12);
    }
}
