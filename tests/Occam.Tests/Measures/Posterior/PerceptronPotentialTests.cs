using Occam.Data;
using Occam.Measures;
using Occam.Measures.Posterior;
using Occam.Measures.Sharpness;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Posterior;

public sealed class PerceptronPotentialTests
{
    // Some hundreds of products in float32.
    private const double Rounding = 5e-6;

    [Theory]
    [InlineData("relu", 7, new long[] { 5, 13, 9, 3 })]
    [InlineData("relu", 40, new long[] { 5, 13, 9, 3 })]
    [InlineData("tanh", 17, new long[] { 33, 16, 4 })]
    [InlineData("gelu", 32, new long[] { 8, 70, 2 })]
    [InlineData("leaky-relu", 1, new long[] { 8, 20, 20, 20, 5 })]
    public void It_is_the_loss_and_its_gradient(string activation, int batch, long[] sizes)
    {
        if (!ColumnProducts.ArePossible)
        {
            return;
        }

        using var scope = Libtorch.NewDisposeScope();
        var context = Of(Perceptron(activation, sizes), Gaussian(40, (int)sizes[^1], (int)sizes[0]));
        var surface = LossSurface.Of(context, out _)!;
        var own = surface.Losses;
        var fast = PerceptronPotential.Of(context, own, new MiniBatches(context, batch), batch)!;
        LossPotential slow = new(surface, own, new MiniBatches(context, batch));
        SeededRandom random = new(3);
        double[] point = [.. surface.Weights.Origin.ToArray<double>()];
        double[] expected = new double[fast.Size], found = new double[fast.Size];
        for (var turn = 0; turn < 3; turn++)
        {
            Assert.Equal(slow.At(point, expected), fast.At(point, found), Rounding);
            Assert.InRange(Distance(expected, found) / Distance(expected, new double[fast.Size]), 0, Rounding);
            point = Array.ConvertAll(point, weight => weight + (0.1 * random.NextGaussian()));
        }
    }

    [Fact]
    public void A_draw_of_an_other_network_goes_through_libtorch()
    {
        using var scope = Libtorch.NewDisposeScope();
        var data = Gaussian(8, 3, 2, 8, 8);
        var context = Of(Cnn(), data);
        Assert.Null(PerceptronPotential.Of(context, new double[8], new MiniBatches(context, 4), 4));
        var wide = Context(Perceptron("relu", 5, 4, 3), Gaussian(8, 3, 5));
        Assert.Null(PerceptronPotential.Of(wide, new double[8], new MiniBatches(wide, 4), 4));
    }

    [Theory]
    [InlineData(8, 16, 1)]
    [InlineData(16, 80, 37)]
    public void Its_products_are_products(int rows, int columns, int inner)
    {
        if (!ColumnProducts.ArePossible)
        {
            return;
        }

        SeededRandom random = new(5);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
        var (a, b, added, c) = (Draw(rows * inner), Draw(inner * columns), Draw(rows), new float[rows * columns]);
        ColumnProducts.Multiply(a, 1, rows, b, c, rows, inner, columns, added);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var expected = added[i] + Enumerable.Range(0, inner).Sum(k => (double)a[i + (k * rows)] * b[(k * columns) + j]);
                Assert.Equal(expected, c[(i * columns) + j], 1e-4);
            }
        }

        Assert.Throws<ArgumentException>(() => ColumnProducts.Multiply(a, 1, rows, b, c, rows + 8, inner, columns, []));
    }

    private static MeasureContext Of(Occam.Networks.Network network, DataSet data) =>
        new(new Subject(network, FinalActivation.None, ScalarType.Float32), data, new MeasureOptions { Seed = 3 });

    private static double Distance(double[] left, double[] right) =>
        Math.Sqrt(left.Zip(right, (one, other) => (one - other) * (one - other)).Sum());
}
