using Occam.Data;
using Occam.Measures.Loss;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class CalibrationErrorTests
{
    /// <summary>Logits are the inputs: log p of the probabilities that are wanted.</summary>
    [Fact]
    public void It_is_the_gap_between_confidence_and_accuracy_by_bins()
    {
        var network = Affine(new double[,] { { 1, 0 }, { 0, 1 } }, 0, 0);
        double[] confidences = [0.9, 0.9, 0.9, 0.6, 0.6];
        int[] labels = [0, 0, 1, 0, 1];
        var data = DataSet.FromArrays("rows", [2], [.. confidences.SelectMany(p => new[] { Math.Log(p), Math.Log(1 - p) })], labels);
        var result = new CalibrationError(Bins: 10).Measurement(Context(network, data));

        // Of three at 0.9 two are right, of two at 0.6 one.
        Assert.Equal((3 * (0.9 - (2.0 / 3)) / 5) + (2 * (0.6 - 0.5) / 5), result.Value!.Value, 1e-12);
        Assert.Equal(0.6, result.Detail("accuracy"));
        Assert.Equal(0.9 - (2.0 / 3), result.Detail("maximum"), 1e-12);
        Assert.Equal(0.78, result.Detail("confidence"), 1e-12);
        Assert.Equal(2, result.Detail("bins"));
    }

    [Fact]
    public void One_output_chooses_between_two()
    {
        // σ(ln 4) = 0.8: right for label 1, wrong for 0.
        var data = DataSet.FromArrays("rows", [1], [Math.Log(4), Math.Log(4), -Math.Log(4), -Math.Log(4)], [1, 0, 0, 0]);
        var result = new CalibrationError().Measurement(Context(Affine(new double[,] { { 1 } }, 0), data));
        Assert.Equal(0.05, result.Value!.Value, 1e-12);
        Assert.Equal(0.75, result.Detail("accuracy"));
    }

    [Fact]
    public void One_bin_is_the_difference_of_the_means()
    {
        var (network, data) = (Perceptron("relu", 4, 9, 5), Gaussian(50, 5, 4));
        var result = new CalibrationError(Bins: 1).Measurement(Context(network, data));
        Assert.Equal(Math.Abs(result.Detail("accuracy") - result.Detail("confidence")), result.Value!.Value, 1e-12);
        Assert.Equal(result.Detail("accuracy"), Measure("margin", network, data).Detail("accuracy"), 1e-12);
    }

    [Fact]
    public void No_bins_can_be_none() => Assert.Contains("0 bins", Assert.Throws<OccamException>(() => new CalibrationError(0)).Message);
}
