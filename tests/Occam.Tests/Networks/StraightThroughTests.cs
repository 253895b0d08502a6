using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Derivatives that pass straight through roundings where that is asked for, and only there.</summary>
public sealed class StraightThroughTests
{
    [Theory]
    [InlineData("Round")]
    [InlineData("Floor")]
    [InlineData("Ceil")]
    [InlineData("Sign")]
    public void The_values_stay_and_the_derivative_is_that_of_the_line(string type)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var (first, second) = (OneNode.Random(1, 3, 4), OneNode.Random(2, 4, 2));
        var graph = TestGraphs.Graph(
            [null, 3],
            [
                TestGraphs.Node("MatMul", ["x", "first"], ["h"]), TestGraphs.Node(type, ["h"], ["r"]),
                TestGraphs.Node("MatMul", ["r", "second"], ["y"]),
            ],
            ("first", first), ("second", second));
        OnnxWriter.Write(graph, folder.File("net.onnx"));
        var plain = NetworkLoader.Load(folder.File("net.onnx"));
        var straight = NetworkLoader.Load(folder.File("net.onnx"), new FunctionChoice { IsStraightThrough = true });
        var x = OneNode.Random(3, 5, 3);

        Assert.DoesNotContain("y", plain.Network!.Differentiable);
        Assert.Contains("y", straight.Network!.Differentiable);
        Assert.Contains(straight.Notes, note => note.StartsWith($"derivatives pass straight through {type} '", StringComparison.Ordinal));
        Close.Equal(plain.Network.Forward(x), straight.Network.Forward(x), 1e-12);
        var squares = new InputJacobian(straight.Network, 3, 2).SquaredNorms(x);
        for (var i = 0; i < 5; i++)
        {
            // Of a sign, only units between −1 and 1 count.
            var h = x.Narrow(0, i, 1).MatMul(first);
            var on = type == "Sign" ? h.Abs().LessThan(Tensor.OnesLike(h)).To(ScalarType.Float64) : Tensor.OnesLike(h);
            Assert.Equal((first * on).MatMul(second).Square().Sum().Item(), squares[i], 1e-9);
        }
    }

    [Fact]
    public void A_network_without_roundings_says_so_and_an_attribute_of_a_file_is_no_mark()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        OnnxWriter.Write(TestGraphs.Mlp(), folder.File("net.onnx"));
        Assert.Contains(
            "there is no rounding and no sign for derivatives to pass straight through",
            NetworkLoader.Load(folder.File("net.onnx"), new FunctionChoice { IsStraightThrough = true }).Notes);

        var forged = TestGraphs.Graph([null, 3], [TestGraphs.Node("Round", ["x"], ["y"], Attributes.Of(("straight through", 1L)))]);
        OnnxWriter.Write(forged, folder.File("forged.onnx"));
        Assert.DoesNotContain("y", NetworkLoader.Load(folder.File("forged.onnx")).Network!.Differentiable);
    }
}
