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

    /// <summary>A binary layer: what it multiplies by are the signs of its weights.</summary>
    [Fact]
    public void Derivatives_by_the_weights_pass_through_their_signs()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var weights = OneNode.Random(1, 3, 4);
        OnnxWriter.Write(
            TestGraphs.Graph(
                [null, 3],
                [TestGraphs.Node("Sign", ["w"], ["signs"]), TestGraphs.Node("MatMul", ["x", "signs"], ["y"])],
                ("w", weights)),
            folder.File("net.onnx"));
        var x = OneNode.Random(3, 5, 3);
        Tensor Slope(bool straight)
        {
            var loaded = NetworkLoader.Load(folder.File("net.onnx"), new FunctionChoice { IsStraightThrough = straight }).Network!;
            Close.Equal(x.MatMul(weights.Sign()), loaded.Forward(x), 1e-12);
            using var grad = Libtorch.EnableGrad();
            var function = ParameterizedFunction.Of(loaded, [], null)!;
            var y = function.Forward(x);
            return y.RequiresGrad ? Autograd.Grad(y.Sum(), function.Parameters[0]) : Tensor.ZerosLike(weights);
        }

        Assert.Equal(0, Slope(straight: false).Abs().Sum().Item());
        var between = weights.Abs().LessThan(Tensor.OnesLike(weights)).To(ScalarType.Float64);
        Assert.InRange(between.Sum().Item(), 1, 11);
        Close.Equal(x.Sum([0]).Reshape(3, 1) * between, Slope(straight: true), 1e-12);
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

    /// <summary>A branch that rounds, and one that doesn't: which is taken depends on the data.</summary>
    [Fact]
    public void Roundings_in_a_branch_are_passed_too()
    {
        using var scope = Libtorch.NewDisposeScope();
        var first = OneNode.Random(1, 3, 4);
        Graph Branch(params Node[] nodes) => new()
        {
            Opset = 17,
            Input = new ValueInfo("h", ScalarType.Float64, default),
            Held = [new ValueInfo("k", ScalarType.Float64, default)],
            Outputs = [new ValueInfo("z", ScalarType.Float64, default)],
            Nodes = [.. nodes],
            Initializers = System.Collections.Immutable.ImmutableDictionary<string, Tensor>.Empty,
        };
        var rounds = Branch(
            TestGraphs.Node("Round", ["h"], ["r"]), TestGraphs.Node("Floor", ["k"], ["f"]), TestGraphs.Node("Mul", ["r", "f"], ["z"]));
        var plain = Branch(TestGraphs.Node("Mul", ["h", "k"], ["z"]));
        var graph = TestGraphs.Graph(
            [1, 3],
            [
                TestGraphs.Node("MatMul", ["x", "first"], ["h"]),
                TestGraphs.Node("ReduceSum", ["h"], ["sum"], Attributes.Of(("keepdims", 0L))),
                TestGraphs.Node("Greater", ["sum", "zero"], ["isPositive"]),
                TestGraphs.Node("If", ["isPositive", "h", "k", "h", "k"], ["y"], Attributes.Of(
                    ("then_branch", new Subgraph(rounds, 0, 1)), ("else_branch", new Subgraph(plain, 0, 3)))),
            ],
            ("first", first), ("zero", Tensor.Full([], 0, ScalarType.Float64)), ("k", Tensor.FromArray([2.5, 1.25, 3, -1], 4)));
        var (marked, note) = Occam.Networks.Rewrites.StraightThrough.Apply(graph);
        Assert.StartsWith("derivatives pass straight through Round 'Round:r' and 1 more, as asked for", note, StringComparison.Ordinal);
        var x = OneNode.Random(3, 1, 3);
        x = x.MatMul(first).Sum().Item() > 0 ? x : -x;
        Tensor Slope(Graph of)
        {
            using var grad = Libtorch.EnableGrad();
            var leaf = x.Detach().RequireGrad();
            var y = new Network(of).Forward(leaf);
            return y.RequiresGrad ? Autograd.Grad(y.Sum(), leaf) : Tensor.ZerosLike(leaf);
        }

        Close.Equal(new Network(graph).Forward(x), new Network(marked).Forward(x), 1e-12);
        Assert.Equal(0, Slope(graph).Abs().Sum().Item());
        Close.Equal(first.MatMul(Tensor.FromArray([2.0, 1, 3, -1], 4, 1)).T(), Slope(marked), 1e-12);
    }
}
