using Occam.Networks;
using Occam.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class LipschitzTests
{
    private const double Rounding = 1 + 1e-9;

    /// <summary>Operators that are as steep as they like.</summary>
    private static readonly string[] s_unbounded =
    [
        "Acos", "Acosh", "Asin", "Atanh", "Cosh", "CumProd", "DeformConv by its offsets", "Det", "Div by the data", "Exp",
        "GridSample by its grid", "If", "Log", "Loop", "Loop around the data", "LpNormalization", "LpNormalization 1", "Mod",
        "Mod by the data", "Pow", "Pow of the data", "Reciprocal", "ReduceLogSum", "ReduceProd", "ReduceSumSquare", "RoiAlign largest",
        "Scan", "Scan backward", "Shrink with a jump", "Sinh", "Sqrt", "Tan", "ThresholdedRelu", "Unique",
        "com.microsoft.GroupQueryAttention", "com.microsoft.GroupQueryAttention of a cache",
        "com.microsoft.GroupQueryAttention of caches", "com.microsoft.GroupQueryAttention packed",
        "com.microsoft.GroupQueryAttention with sinks", "com.microsoft.MultiHeadAttention packed",
    ];

    public static TheoryData<string> Names => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_two_points_are_driven_further_apart_than_the_bound(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var bound = node.Bound();
        if (s_unbounded.Contains(name))
        {
            Assert.Null(bound);
            return;
        }

        var limit = bound!.Value * Rounding;
        foreach (var scale in new[] { 0.01, 0.3, 1, 3, 10 })
        {
            for (var i = 0; i < 20; i++)
            {
                var (x, y) = (OneNode.Random(300 + i, node.X.Shape) * scale, OneNode.Random(400 + i, node.X.Shape) * scale);
                var near = x + ((y - x) * 1e-3);
                Assert.InRange(Ratio(node, x, y), 0, limit);
                Assert.InRange(Ratio(node, x, near), 0, limit);
            }

            Assert.InRange(node.Jacobian(OneNode.Random(500, node.X.Shape) * scale).SingularValues().AMax([0]).Item(), 0, limit);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_affine_operator_has_the_norm_of_its_matrix(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        if (node.Network.LinearityOf(node.Node) is not (Linearity.Curved or Linearity.Step or Linearity.PiecewiseAffine)
            && name is not "MatMul batched")
        {
            // Over the whole batch, whose examples an operator treats alike.
            Assert.Equal(node.DenseNorm(), node.Bound()!.Value, 1e-9);
        }
    }

    /// <summary>The slopes of activations are met where they are steepest: on a fine grid.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_bound_of_an_activation_is_its_steepest_slope(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        if (node.Operator is not ElementwiseOperator or PRelu || node.Bound() is not { } bound)
        {
            // A PRelu's slopes, one a channel, would make several outputs of each point of the grid.
            return;
        }

        var x = Tensor.Arange(-40, 40, 1.0 / 1024, ScalarType.Float64).RequireGrad();
        var slopes = Autograd.Grad(node.Run(x).Sum(), x).Abs();
        Assert.InRange(slopes.AMax([0]).Item() / bound, 1 - 2e-3, 1);
    }

    [Fact]
    public void Softmax_and_its_logarithm_reach_their_bounds()
    {
        using var scope = Libtorch.NewDisposeScope();
        var softmax = new OneNode("Softmax", [OneNode.Numbers(0, 0, -50, -50).Reshape(1, 4)]);
        Assert.Equal(softmax.Bound()!.Value, softmax.DenseNorm(), 1e-9);
        var logarithm = new OneNode("LogSoftmax", [OneNode.Numbers(50, 0, 0, 0).Reshape(1, 4)]);
        Assert.Equal(2, logarithm.Bound()!.Value);
        Assert.Equal(2, logarithm.DenseNorm(), 1e-9);
    }

    [Theory]
    [InlineData(3, 1, 1, 3)]
    [InlineData(3, 2, 1, 2)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(2, 1, 3, 2)]
    [InlineData(3, 2, 2, 3)]
    public void A_max_pool_counts_the_windows_that_one_input_lies_in(int size, int stride, int dilation, int most)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode("MaxPool", [OneNode.Random(1, 1, 1, 12)], Attributes.Of(
            ("kernel_shape", new long[] { size }), ("strides", new long[] { stride }), ("dilations", new long[] { dilation })));
        Assert.Equal(Math.Sqrt(most), node.Bound()!.Value, 1e-12);
    }

    [Fact]
    public void What_depends_on_no_data_has_a_bound_of_zero()
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make("Exp");
        Assert.Equal(0, node.Operator.Lipschitz(new LipschitzCall(node.Call(), [0], node.Run(), () => double.NaN)));
    }

    [Fact]
    public void A_sum_of_branches_adds_their_bounds_and_a_product_has_none()
    {
        using var scope = Libtorch.NewDisposeScope();
        double? Bound(string type, params double[] bounds)
        {
            var node = new OneNode(type, [OneNode.Random(1, 1, 3), OneNode.Random(2, 1, 3)]);
            return node.Operator.Lipschitz(new LipschitzCall(node.Call(), bounds, node.Run(), () => double.NaN));
        }

        Assert.Equal(5, Bound("Add", 2, 3));
        Assert.Equal(5, Bound("Sub", 2, 3));
        Assert.Equal(5, Bound("Max", 3, 4));
        Assert.Equal(5, Bound("Concat", 3, 4));
        Assert.Null(Bound("Mul", 2, 3));
        Assert.Null(Bound("Div", 2, 3));
    }

    private static double Ratio(OneNode node, Tensor x, Tensor y) => (node.Run(x) - node.Run(y)).Norm().Item() / (x - y).Norm().Item();
}
