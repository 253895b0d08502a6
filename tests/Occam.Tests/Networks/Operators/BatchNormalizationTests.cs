using Occam.Networks;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks.Operators;

public sealed class BatchNormalizationTests
{
    private static readonly Attributes s_attributes = Attributes.Of(("epsilon", 0.01), ("momentum", 0.7), ("training_mode", 1L));

    private static (OneNode Node, Tensor Mean, Tensor Variance) Make()
    {
        var (mean, variance) = (OneNode.Random(4, 3), OneNode.Random(5, 3).Square());
        return (new OneNode(
            "BatchNormalization", [OneNode.Random(1, 5, 3, 2), OneNode.Random(2, 3), OneNode.Random(3, 3), mean, variance], s_attributes,
            outputs: 3), mean, variance);
    }

    private static Tensor Column(Tensor channels) => channels.Reshape(1, 3, 1);

    [Fact]
    public void Evaluation_uses_the_stored_statistics()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (node, mean, variance) = Make();
        var expected = ((node.X - Column(mean)) / (Column(variance) + 0.01).Sqrt() * Column(node.Inputs[1]!)) + Column(node.Inputs[2]!);
        Close.Equal(expected, node.Run());
        Close.Equal(mean, node.Run(output: "output1"));
    }

    [Fact]
    public void Training_uses_the_batch_and_gives_the_moved_statistics_without_touching_the_stored()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (node, mean, variance) = Make();
        var (meanBefore, varianceBefore) = (mean.Clone(), variance.Clone());
        var results = node.Network.Run(node.X, ["output0", "output1", "output2"], new RunOptions { Training = true });
        var batchMean = node.X.Mean([0, 2]);
        var batchVariance = (node.X - Column(batchMean)).Square().Mean([0, 2]);
        var expected =
            ((node.X - Column(batchMean)) / (Column(batchVariance) + 0.01).Sqrt() * Column(node.Inputs[1]!)) + Column(node.Inputs[2]!);
        Close.Equal(expected, results["output0"]);
        Close.Equal((mean * 0.7) + (batchMean * 0.3), results["output1"]);
        Close.Equal((variance * 0.7) + (batchVariance * (10.0 / 9) * 0.3), results["output2"]);
        Close.Equal(meanBefore, mean, 0);
        Close.Equal(varianceBefore, variance, 0);
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_momentum_that_weighs_nothing_is_refused_in_training(double momentum)
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode(
            "BatchNormalization",
            [OneNode.Random(1, 5, 3), OneNode.Random(2, 3), OneNode.Random(3, 3), OneNode.Random(4, 3), OneNode.Random(5, 3).Square()],
            Attributes.Of(("momentum", momentum)),
            outputs: 3);
        var error = Assert.Throws<OccamException>(() => node.Network.Run(node.X, ["output0"], new RunOptions { Training = true }));
        Assert.Contains("expected 0 to 1", error.Message);
        Assert.Equal([5, 3], node.Run().Shape);
    }

    [Fact]
    public void Running_statistics_are_no_parameters()
    {
        using var scope = Libtorch.NewDisposeScope();
        Assert.Equal(["input1", "input2"], Make().Node.Network.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void A_gradient_does_not_come_back_through_statistics_that_an_export_made_copies_of_parameters()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (scale, bias) = (Tensor.Ones([3]).RequireGrad(), Tensor.Zeros([3]).RequireGrad());
        Network network = new(TestGraphs.Graph(
            [null, 3],
            [
                TestGraphs.Node("Identity", ["scale"], ["variance"]),
                TestGraphs.Node("Identity", ["bias"], ["mean"]),
                TestGraphs.Node("BatchNormalization", ["x", "scale", "bias", "mean", "variance"], ["y"], Attributes.Of(("epsilon", 0.0))),
            ],
            ("scale", Tensor.Ones([3])),
            ("bias", Tensor.Zeros([3]))));
        var x = OneNode.Random(1, 5, 3).To(ScalarType.Float32);

        var y = network.Run(new Dictionary<string, Tensor> { ["x"] = x, ["scale"] = scale, ["bias"] = bias }, ["y"])["y"];
        var gradients = Autograd.Grad([y.Sum()], [scale, bias]);

        Close.Equal(x.Sum([0]), gradients[0]!, 1e-5);
        Close.Equal(Tensor.Full([3], 5), gradients[1]!, 1e-5);
    }
}
