using Occam.Data;
using Occam.Measures;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class MarginTests
{
    [Fact]
    public void It_is_the_own_logit_above_the_best_rival()
    {
        // Logits are the inputs themselves.
        var network = Affine(new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, 0, 0, 0);
        var data = DataSet.FromArrays("rows", [3], [3.0, 1, 2, 0, 5, 5, -1, -4, -2, 0, 0, 7], [0, 1, 1, 2]);
        var margin = Measure("margin", network, data);
        Assert.Equal([1, 0, -3, 7], margin.PerExample);
        Assert.Equal(-3, margin.Detail("minimum"));
        Assert.Equal(7, margin.Detail("maximum"));
        Assert.Equal(1.25, margin.Detail("mean"));
        Assert.Equal(0.5, margin.Detail("median"));
        Assert.Equal(0.5, margin.Detail("accuracy"));

        // numpy.percentile([1, 0, -3, 7], 5) and 10.
        AssertClose(-2.55, margin.Value, 1e-14);
        AssertClose(-2.1, margin.Detail("p10"), 1e-14);
        Assert.Contains("2 of 4 examples", Assert.Single(margin.Notes));
    }

    [Fact]
    public void More_logits_than_are_looked_at_at_once_have_the_same_margins()
    {
        // 200,003 classes: two examples at a time.
        const int Classes = 200_003;
        var W = new double[Classes, 1];
        W[7, 0] = 2;
        W[Classes - 1, 0] = -3;
        var network = Affine(W, new double[Classes]);
        var data = DataSet.FromArrays("rows", [1], [1.0, -1, 2, -4, 0.5], [7, Classes - 1, 7, 0, 7]);
        Assert.Equal([2, 3, 4, -12, 1], Measure("margin", network, data).PerExample);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(137)]
    public void Percentiles_interpolate_as_numpys(int count)
    {
        var (network, data) = (Perceptron("relu", 4, 9, 5), Gaussian(count, 5, 4));
        var margin = Measure("margin", network, data);
        var sorted = margin.PerExample.Order().ToArray();
        double Percentile(double p)
        {
            var place = p * (count - 1);
            var below = (int)Math.Floor(place);
            return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, count - 1)] - sorted[below]));
        }

        AssertClose(Percentile(0.05), margin.Value, 1e-12);
        AssertClose(Percentile(0.5), margin.Detail("median"), 1e-12);
        AssertClose(Percentile(0.95), margin.Detail("p95"), 1e-12);
    }

    [Fact]
    public void One_output_has_no_rival() =>
        Assert.Contains(
            "two outputs",
            MeasureCatalogue.Find("margin").Measurement(Context(Perceptron("relu", 4, 5, 1), Gaussian(3, 2, 4))).NotApplicable);
}
