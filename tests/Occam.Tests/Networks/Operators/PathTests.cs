using Occam.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class PathTests
{
    /// <summary>Operators that a sum over paths means nothing at.</summary>
    private static readonly string[] s_untreated =
    [
        "Acos", "Acosh", "AffineGrid", "AffineGrid in space", "Asin", "Atanh", "Attention", "Attention of the keys", "Attention windowed",
        "Cosh", "CumProd", "DFT", "DFT inverse", "DFT of an axis", "DeformConv", "DeformConv by its offsets", "Det", "Div by the data",
        "Exp", "GRU", "GRU backward", "GRU reset after the product", "GlobalLpPool", "GridSample", "GridSample between reflections",
        "GridSample by its grid", "GridSample cubic", "GridSample in space", "GridSample nearest", "GroupNormalization 18",
        "GroupNormalization 21", "If", "InstanceNormalization", "LRN", "LSTM", "LSTM both ways", "LSTM with one gate for two",
        "LayerNormalization", "LayerNormalization broadcast", "Log", "LogSoftmax", "Loop", "Loop around the data", "LpNormalization",
        "LpNormalization 1", "LpPool", "LpPool 1", "MaxRoiPool", "MeanVarianceNormalization", "Mod", "Mod by the data",
        "NegativeLogLikelihoodLoss", "NegativeLogLikelihoodLoss of each", "Pow", "Pow 1", "Pow of the data", "RMSNormalization", "RNN",
        "RNN both ways", "Reciprocal", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd", "ReduceSumSquare", "RoiAlign",
        "RoiAlign largest", "STFT", "STFT of pairs", "ScaledDotProductAttention", "ScaledDotProductAttention by the keys",
        "ScaledDotProductAttention by the values", "Scan", "Scan backward", "ScatterElements limited", "ScatterElements multiplied",
        "ScatterND limited", "Shrink with a jump", "SimplifiedLayerNormalization", "Sinh", "Softmax", "Softmax 11",
        "SoftmaxCrossEntropyLoss", "SoftmaxCrossEntropyLoss of each", "Sqrt", "Tan", "ThresholdedRelu", "Unique",
        "com.microsoft.GroupQueryAttention", "com.microsoft.GroupQueryAttention of a cache",
        "com.microsoft.GroupQueryAttention of caches", "com.microsoft.GroupQueryAttention packed",
        "com.microsoft.GroupQueryAttention with sinks", "com.microsoft.MultiHeadAttention",
        "com.microsoft.MultiHeadAttention of the keys", "com.microsoft.MultiHeadAttention packed",
    ];

    public static TheoryData<string> Names => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_over_paths_pass_as_through_the_matrix_of_all_slopes(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        var x = OneNode.Random(1, node.X.Shape).Abs();
        if (s_untreated.Contains(name))
        {
            Assert.Null(Paths(node, x, 2));
            return;
        }

        var linearity = node.Network.LinearityOf(node.Node);
        if (linearity is Linearity.Curved or Linearity.Step || name == "PRelu")
        {
            // An activation: its steepest slope for all elements, which data need not meet.
            var slope = node.Bound()!.Value;
            Close.Equal(x * (slope * slope), Paths(node, x, 2)!);
            return;
        }

        var slopes = linearity == Linearity.PiecewiseAffine ? SteepestOfAll(node) : node.Jacobian().Abs();
        foreach (var power in new[] { 1.0, 2, 3 })
        {
            var sums = Paths(node, x, power)!;
            Close.Equal(slopes.Pow(power).MatMul(x.Flatten()).Reshape(sums.Shape), sums);
        }
    }

    [Fact]
    public void A_sum_of_branches_has_the_paths_of_both()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (x, y) = (OneNode.Random(1, 2, 3).Abs(), OneNode.Random(2, 2, 1).Abs());
        foreach (var type in new[] { "Add", "Sub", "Sum", "Max", "Min" })
        {
            var node = new OneNode(type, [x, y]);
            var sums = node.Operator.Paths(new PathCall(node.Call(), [true, true], 2))![0];
            Close.Equal(x + y, sums);
        }
    }

    [Fact]
    public void A_product_of_two_branches_has_no_sum_over_paths()
    {
        using var scope = Libtorch.NewDisposeScope();
        foreach (var (type, other) in new[]
        {
            ("Mul", OneNode.Random(2, 2, 3)), ("MatMul", OneNode.Random(2, 3, 2)), ("Gemm", OneNode.Random(2, 3, 2)),
        })
        {
            var node = new OneNode(type, [OneNode.Random(1, 2, 3), other]);
            Assert.Null(node.Operator.Paths(new PathCall(node.Call(), [true, true], 2)));
        }
    }

    // Element by element the steepest of the pieces that many points lie on.
    private static Tensor SteepestOfAll(OneNode node)
    {
        var steepest = node.Jacobian().Abs();
        for (var i = 0; i < 200; i++)
        {
            steepest = steepest.Maximum(node.Jacobian(OneNode.Random(1000 + i, node.X.Shape) * 2).Abs());
        }

        return steepest;
    }

    private static Tensor? Paths(OneNode node, Tensor x, double power) =>
        node.Operator.Paths(new PathCall(node.Call(x), [.. node.Inputs.Select((_, i) => i == node.Varying)], power))?[0];
}
