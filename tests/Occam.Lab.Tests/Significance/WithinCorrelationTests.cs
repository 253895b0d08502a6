using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class WithinCorrelationTests
{
    [Fact]
    public void By_hand_it_is_the_mean_of_the_groups_shares()
    {
        // Ranks 1 2 | 3 4 by the first quantity, and 2 1 | 3 4 by the second: about the groups' means ∓½, with the products −½ and ½.
        var opposed = WithinCorrelation.Of([(0, 10, 0.2), (0, 20, 0.1), (1, 30, 5), (1, 40, 6)]);

        Assert.Equal(0, opposed.Value, 15);
        Assert.Equal(1, opposed.StandardError, 15);

        // Ranks 1 4 | 2 3 and 1 3 | 2 4: products 3 and 1, squares 4.5 + 0.5 and 2 + 2, so that the shares are 2 · 3/√20 and 2 · 1/√20.
        var alike = WithinCorrelation.Of([(7, 0, 0), (7, 9, 2), (3, 1, 1), (3, 2, 3)]);

        Assert.Equal(4 / Math.Sqrt(20), alike.Value, 15);
        Assert.Equal(2 / Math.Sqrt(20), alike.StandardError, 14);
        Assert.Equal(1, alike.DegreesOfFreedom, 12);
    }

    [Fact]
    public void Of_groups_with_equal_ranks_it_is_the_correlation_of_all()
    {
        // Each group has every third rank, so that the groups' means differ by one rank in 10 and hardly change the correlation.
        var random = new Random(2);
        (int, double, double)[] pairs =
        [
            .. from i in Enumerable.Range(0, 3000)
               let first = Normal.Sample(random, 0, 1)
               select (i % 3, first, first + Normal.Sample(random, 0, 1)),
        ];
        var all = Correlation.Spearman(pairs.Select(pair => pair.Item2), pairs.Select(pair => pair.Item3));

        Assert.Equal(all, WithinCorrelation.Of(pairs).Value, 2);
    }

    [Fact]
    public void What_groups_have_in_common_counts_for_nothing()
    {
        // Both quantities rise from group to group, and within each the second falls.
        (int, double, double)[] pairs =
            [.. from own in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 3) select (own, (10.0 * own) + i, (10.0 * own) - i)];

        Assert.InRange(Correlation.Spearman(pairs.Select(pair => pair.Item2), pairs.Select(pair => pair.Item3)), 0.8, 1);
        Assert.Equal(-1, WithinCorrelation.Of(pairs).Value, 14);
        Assert.Equal(1, WithinCorrelation.Of(pairs).IsAbove(0));
    }

    [Fact]
    public void Single_pairs_one_group_and_what_never_changes_say_nothing()
    {
        Assert.True(double.IsNaN(WithinCorrelation.Of([]).Value));
        Assert.True(double.IsNaN(WithinCorrelation.Of([(0, 1, 1), (1, 2, 2), (2, 3, 3)]).Value));
        Assert.True(double.IsNaN(WithinCorrelation.Of([(0, 1, 5), (0, 2, 5), (1, 3, 5), (1, 4, 5)]).Value));
        Assert.Equal(1, WithinCorrelation.Of([(0, 1, 1), (0, 2, 2), (0, 3, 3)]).IsAbove(0));
    }
}
