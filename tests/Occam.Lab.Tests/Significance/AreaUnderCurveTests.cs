using MathNet.Numerics.Statistics;
using Occam.Lab.Significance;
using Xunit;

namespace Occam.Lab.Tests.Significance;

public sealed class AreaUnderCurveTests
{
    [Fact]
    public void It_is_the_share_of_pairs_in_their_order_with_ties_counted_half()
    {
        SeededRandom random = new(1);
        double[] scores = [.. Enumerable.Range(0, 60).Select(_ => (double)random.NextInt(12))];
        bool[] wanted = [.. Enumerable.Range(0, 60).Select(_ => random.NextInt(3) == 0)];
        double[] own = [.. scores.Where((_, i) => wanted[i])], others = [.. scores.Where((_, i) => !wanted[i])];
        static double Order(double a, double b) => a > b ? 1 : a == b ? 0.5 : 0;
        double[] above = [.. own.Select(a => others.Average(b => Order(a, b)))];
        double[] below = [.. others.Select(b => own.Average(a => Order(a, b)))];
        var found = AreaUnderCurve.Of(scores, wanted)!.Value;
        Assert.Equal(above.Average(), found.Value, 1e-12);
        Assert.Equal(Math.Sqrt((above.Variance() / own.Length) + (below.Variance() / others.Length)), found.StandardError, 1e-12);
    }

    [Fact]
    public void All_first_is_1_all_last_0_and_without_both_kinds_there_is_none()
    {
        Assert.Equal(1, AreaUnderCurve.Of([3, 2, 1, 0], [true, true, false, false])!.Value.Value);
        Assert.Equal(0, AreaUnderCurve.Of([0, 1, 2, 3], [true, true, false, false])!.Value.Value);
        Assert.Equal(0.5, AreaUnderCurve.Of([1, 1, 1, 1], [true, true, false, false])!.Value.Value);
        Assert.Null(AreaUnderCurve.Of([1, 2], [true, true]));
    }

    [Fact]
    public void Its_interval_holds_the_area_of_the_distributions()
    {
        // Normal scores, of those looked for one deviation higher: Φ(1/√2).
        SeededRandom random = new(2);
        var truth = MathNet.Numerics.Distributions.Normal.CDF(0, 1, 1 / Math.Sqrt(2));
        bool[] wanted = [.. Enumerable.Range(0, 150).Select(i => i < 50)];
        var held = Enumerable.Range(0, 1000).Count(_ => AreaUnderCurve.Of(
            [.. wanted.Select(own => random.NextGaussian() + (own ? 1 : 0))], wanted)!.Value.Interval95!.Holds(truth));
        Assert.InRange(held, 930, 970);
    }
}
