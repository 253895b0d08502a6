using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.TestGraphs;

namespace Occam.Tests.Networks.Operators;

public sealed class ExampleGradientTests
{
    [Theory]
    [InlineData(1, 1, 1, "1,1,1,1")]
    [InlineData(2, 1, 1, "1,1,1,1")]
    [InlineData(1, 2, 1, "0,0,0,0")]
    [InlineData(1, 1, 2, "2,1,2,1")]
    [InlineData(2, 2, 1, "1,0,2,1")]
    public void A_convolutions_weight_has_the_gradients_of_the_examples_one_by_one(long groups, long stride, long dilation, string pads)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var node = Node("Conv", ["x", "w"], ["y"], Attributes.Of(
            ("group", groups), ("strides", new[] { stride, stride }), ("dilations", new[] { dilation, dilation }),
            ("pads", Array.ConvertAll(pads.Split(','), long.Parse))));
        var weight = Tensor.Randn([6, 4 / groups, 3, 3], generator, ScalarType.Float64).RequireGrad();
        var network = new Network(Graph([null, 4, 9, 9], [node], ("w", weight)));
        var x = Tensor.Randn([5, 4, 9, 9], generator, ScalarType.Float64);
        var call = network.Call(node, new Dictionary<string, Tensor> { ["x"] = x, ["w"] = weight });
        using var grad = Libtorch.EnableGrad();
        var op = network.Operators[node];
        var y = op.Run(call)[0];
        var cotangent = Tensor.Randn(y.Shape, generator, ScalarType.Float64);
        Assert.True(op.TakesGradientByExample(call, 1, y.Shape));
        var found = op.GradientByExample(call, 1, cotangent)!;
        var squares = op.SquaredGradientByExample(call, 1, cotangent)!.ToArray<double>();
        for (var i = 0; i < 5; i++)
        {
            var alone = Autograd.Grad(y.Narrow(0, i, 1), weight, cotangent.Narrow(0, i, 1), retainGraph: true);
            Assert.True((found.Select(0, i) - alone).Abs().Flatten().AMax([0]).Item() < 1e-12);
            Assert.Equal(alone.Square().Sum().Item(), squares[i], 1e-10);
        }
    }

    [Fact]
    public void Taken_on_several_threads_in_float32_they_stay_right()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var (x, g) = (Tensor.Randn([8, 32, 32, 32], generator), Tensor.Randn([8, 32, 32, 32], generator));
        Tensor Gradients(Tensor input, Tensor cotangent) => input.ConvolutionWeightGradients(cotangent, [3, 3], [1, 1], [1, 1], [1, 1], 1);
        var expected = Gradients(x.To(ScalarType.Float64), g.To(ScalarType.Float64)).ToArray<double>();
        var found = new double[8][];
        Workers.Run(8, 4, TestContext.Current.CancellationToken, (i, _) =>
        {
            using var grad = Libtorch.NoGrad();
            found[i] = Gradients(x, g).To(ScalarType.Float64).ToArray<double>();
        });
        Assert.All(found, values => Assert.True(values.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)) < 1e-3));
    }
}
