using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class RankCorrelationTests
{
    [Fact]
    public void The_interval_is_symmetric_on_Fishers_scale()
    {
        var rank = new RankCorrelation(0.6, 28);
        var (lower, upper) = rank.Interval();

        // artanh 0.6 = ln 2 = 0.693147; √(1.06/25) = 0.205913; times 1.959964.
        Assert.Equal(Math.Tanh(0.69314718 - (1.95996398 * 0.20591260)), lower, 7);
        Assert.Equal(Math.Tanh(0.69314718 + (1.95996398 * 0.20591260)), upper, 7);
        Assert.Equal(0.025, rank.IsAbove(lower), 9);
        Assert.Equal(0.025, rank.IsBelow(upper), 9);
    }

    [Fact]
    public void Perfect_agreement_is_as_good_as_all_but_one_swap_and_not_certain()
    {
        double[] ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var (perfect, swapped) = (RankCorrelation.Of(ten, ten), RankCorrelation.Of(ten, [2, 1, .. ten[2..]]));

        Assert.Equal((1, 1 - (12 / 990.0)), (perfect.Value, swapped.Value));
        Assert.Equal(swapped.IsAbove(0), perfect.IsAbove(0), 15);
        Assert.InRange(perfect.Interval().Lower, 0.9, 0.99);
        Assert.InRange(perfect.Interval().Upper, 0.99, 0.99999);
    }

    [Fact]
    public void Few_pairs_and_constant_quantities_say_nothing()
    {
        double[] nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] ten = [.. nine, 10];

        Assert.Equal(1, RankCorrelation.Of(nine, nine).IsAbove(0));
        Assert.InRange(RankCorrelation.Of(ten, ten).IsAbove(0), 1e-12, 1e-9);
        Assert.Equal(1, RankCorrelation.Of(ten, [.. ten.Select(_ => 1.0)]).IsAbove(0));
    }
}
