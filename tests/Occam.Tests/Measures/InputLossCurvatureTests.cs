using Occam.Measures.Loss;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

public sealed class InputLossCurvatureTests
{
    [Fact]
    public void Of_an_affine_network_it_is_that_of_the_softmax()
    {
        // ∇²_x ℓ = Wᵀ (diag p − ppᵀ) W, whatever the label.
        double[,] W = { { 1, 2, -1 }, { 0.5, -1, 0.3 }, { -0.2, 0.4, 1 } };
        double[] b = [0.1, -0.2, 0.3];
        var data = Gaussian(6, 3, 3);
        var found = Measure(new InputLossCurvature(400), Affine(W, b), data);
        for (var i = 0; i < data.Count; i++)
        {
            var x = Example(data, i);
            double[] z = [.. Enumerable.Range(0, 3).Select(k => b[k] + Enumerable.Range(0, 3).Sum(j => W[k, j] * x[j]))];
            double[] p = [.. z.Select(one => Math.Exp(one) / z.Sum(Math.Exp))];
            var square = 0.0;
            for (var a = 0; a < 3; a++)
            {
                for (var c = 0; c < 3; c++)
                {
                    var mean = Enumerable.Range(0, 3).Sum(k => p[k] * W[k, a] * W[k, c]);
                    var means = Enumerable.Range(0, 3).Sum(k => p[k] * W[k, a]) * Enumerable.Range(0, 3).Sum(k => p[k] * W[k, c]);
                    square += Math.Pow(mean - means, 2);
                }
            }

            AssertClose(square, found.PerExample[i], 0.15);
        }

        Assert.True(found.StandardError > 0);
    }

    [Fact]
    public void In_one_dimension_it_is_the_square_of_the_second_derivative()
    {
        var (network, data) = (Perceptron("tanh", 1, 9, 3), Gaussian(8, 3, 1));
        var found = Measure(new InputLossCurvature(2), network, data);
        Assert.True(found.Exact);
        double Loss(int i, double move)
        {
            var moved = Occam.Data.DataSet.FromArrays("moved", [1], new[] { Example(data, i)[0] + move }, [data.Labels![i]]);
            return Measure(new MeanLoss(), network, moved).Value!.Value;
        }

        for (var i = 0; i < data.Count; i++)
        {
            const double H = 1e-3;
            var second = (Loss(i, H) + Loss(i, -H) - (2 * Loss(i, 0))) / (H * H);
            Assert.Equal(Math.Abs(second), Math.Sqrt(found.PerExample[i]), 1e-5);
        }
    }

    [Fact]
    public void The_mean_loss_is_that_of_the_slope_and_says_the_perplexity()
    {
        foreach (var (network, data) in new[]
        {
            (Perceptron("relu", 4, 6, 3), Gaussian(20, 3, 4)), (Perceptron("tanh", 4, 6, 1), Gaussian(20, 2, 4)),
        })
        {
            var loss = Measure(new MeanLoss(), network, data);
            AssertClose(Measure(new LossSlope(), network, data).Detail("loss"), loss.Value, 1e-12);
            AssertClose(Math.Exp(loss.Value!.Value), loss.Detail("perplexity"), 1e-12);
            Assert.Equal((true, data.Count), (loss.Exact, loss.PerExample.Length));
        }
    }
}
