using Occam.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>Operators whose meaning hangs on the operator set, the mode of the run, or which inputs vary.</summary>
public sealed class VersionedOperatorTests
{
    [Fact]
    public void Softmax_ran_over_all_dimensions_from_its_axis_on_until_opset_13()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Random(1, 2, 3, 4);
        Close.Equal(x.Reshape(2, 12).Softmax(1).Reshape(2, 3, 4), new OneNode("Softmax", [x], opset: 12).Run());
        Close.Equal(x.Softmax(2), new OneNode("Softmax", [x], opset: 13).Run());
        Close.Equal(x.Softmax(1), new OneNode("LogSoftmax", [x], Attributes.Of(("axis", -2L)), 13).Run().Exp());
    }

    [Fact]
    public void Group_normalization_scales_groups_and_later_channels()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Random(1, 2, 4, 3);
        Attributes attributes = Attributes.Of(("num_groups", 2L), ("epsilon", 1e-3));
        var groups = x.Reshape(2, 2, 6);
        var centred = groups - groups.Mean([2], keep: true);
        var normal = centred / (centred.Square().Mean([2], keep: true) + 1e-3).Sqrt();
        var byGroup = (normal * Numbers(2, -1).Reshape(2, 1)) + Numbers(0.5, 3).Reshape(2, 1);
        Close.Equal(
            byGroup.Reshape(2, 4, 3), new OneNode("GroupNormalization", [x, Numbers(2, -1), Numbers(0.5, 3)], attributes, 18).Run());
        var byChannel = (normal.Reshape(2, 4, 3) * Numbers(1, 2, 3, 4).Reshape(4, 1)) + Numbers(0, 1, 0, 1).Reshape(4, 1);
        Close.Equal(byChannel, new OneNode("GroupNormalization", [x, Numbers(1, 2, 3, 4), Numbers(0, 1, 0, 1)], attributes, 21).Run());
    }

    [Fact]
    public void Layer_normalization_gives_its_statistics_where_they_are_asked_for()
    {
        using var scope = Libtorch.NewDisposeScope();
        var node = new OneNode("LayerNormalization", [Random(1, 2, 3, 4), Random(2, 4), Random(3, 4)], outputs: 3);
        var (mean, inverse) = (node.Run(output: "output1"), node.Run(output: "output2"));
        Assert.Equal([2, 3, 1], mean.Shape);
        Close.Equal(((node.X - mean) * inverse * node.Inputs[1]!) + node.Inputs[2]!, node.Run());
    }

    [Fact]
    public void Dropout_drops_in_training_only_and_keeps_the_mean()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.Ones([200, 100], ScalarType.Float64);
        var node = new OneNode("Dropout", [x, Tensor.Full([], 0.25, ScalarType.Float64)], outputs: 2);
        Close.Equal(x, node.Run());
        using var generator = new Generator(5);
        var results = node.Network.Run(x, ["output0", "output1"], new RunOptions { Training = true, Generator = generator });
        var kept = results["output1"];
        Assert.Equal(ScalarType.Bool, kept.ScalarType);
        Close.Equal(kept.To(ScalarType.Float64) / 0.75, results["output0"]);

        // The share is binomial with a deviation of 0.003.
        Assert.Equal(0.75, kept.To(ScalarType.Float64).Mean().Item(), 0.015);
        var error = Assert.Throws<OccamException>(() => node.Run(options: new RunOptions { Training = true }));
        Assert.Contains("generator", error.Message);
        var none = new OneNode("Dropout", [x], Attributes.Of(("ratio", 1.0)), 11).Run(
            options: new RunOptions { Training = true, Generator = generator });
        Assert.Equal(0, none.Abs().Sum().Item());
    }

    /// <summary>The sum over windows divided by the count, written out by hand.</summary>
    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 1)]
    [InlineData(true, true, 2)]
    [InlineData(false, true, 2)]
    public void An_average_pool_counts_its_padding_if_asked(bool countPadding, bool ceiling, int dilation)
    {
        using var scope = Libtorch.NewDisposeScope();
        const int Size = 3, Stride = 2, Before = 1, After = 2, Space = 8;
        var x = Random(1, 1, 1, Space);
        var node = new OneNode("AveragePool", [x], Attributes.Of(
            ("kernel_shape", new long[] { Size }), ("strides", new long[] { Stride }), ("pads", new long[] { Before, After }),
            ("dilations", new long[] { dilation }),
            ("count_include_pad", countPadding ? 1L : 0), ("ceil_mode", ceiling ? 1L : 0)), 19);
        var room = Space + Before + After - ((Size - 1) * dilation) - 1;
        var places = (ceiling ? (room + Stride - 1) / Stride : room / Stride) + 1;
        var values = x.ToArray<double>();
        List<double> expected = [];
        for (var place = 0; place < places && (place * Stride) - Before < Space; place++)
        {
            int[] positions = [.. Enumerable.Range(0, Size).Select(i => (place * Stride) + (i * dilation) - Before)];
            var count = positions.Count(at => countPadding ? at < Space + After : at is >= 0 and < Space);
            expected.Add(positions.Where(at => at is >= 0 and < Space).Sum(at => values[at]) / count);
        }

        Close.Equal(Numbers([.. expected]).Reshape(1, 1, -1), node.Run());
    }

    [Fact]
    public void A_product_is_affine_in_one_factor_and_a_quotient_in_its_dividend()
    {
        using var scope = Libtorch.NewDisposeScope();
        var mul = new OneNode("Mul", [Random(1, 2), Random(2, 2)]);
        Assert.Equal(Linearity.Affine, mul.Network.LinearityOf(mul.Node));
        Assert.Equal(Linearity.Curved, mul.Operator.LinearityIn([true, true]));
        var div = new OneNode("Div", [Random(1, 2), Random(2, 2)]);
        Assert.Equal(Linearity.Affine, div.Operator.LinearityIn([true, false]));
        Assert.Equal(Linearity.Curved, div.Operator.LinearityIn([false, true]));
    }

    [Fact]
    public void What_depends_on_the_shape_only_bends_nothing()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = TestGraphs.Graph(
            [null, 3],
            [
                TestGraphs.Node("Shape", ["x"], ["shape"]),
                TestGraphs.Node("Cast", ["shape"], ["sizes"], Attributes.Of(("to", 1L))),
                TestGraphs.Node("Sqrt", ["sizes"], ["roots"]),
                TestGraphs.Node("ReduceMax", ["roots"], ["root"], Attributes.Of(("keepdims", 0L))),
                TestGraphs.Node("Div", ["x", "root"], ["y"]),
            ]);
        var network = new Network(graph);
        Assert.All(graph.Nodes, node => Assert.NotEqual(Linearity.Curved, network.LinearityOf(node)));
        Close.Equal(Tensor.Ones([16, 3]) / 4, network.Forward(Tensor.Ones([16, 3])));
        Assert.Null(network.FirstCurvedNode());
    }

    /// <summary>A leaky ReLU as an export writes it: the comparison has the switch, the choice the pieces.</summary>
    [Fact]
    public void A_choice_bends_where_its_comparison_does()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = TestGraphs.Graph(
            [null, 2],
            [
                TestGraphs.Node("Greater", ["x", "zero"], ["positive"]),
                TestGraphs.Node("Mul", ["x", "slope"], ["scaled"]),
                TestGraphs.Node("Where", ["positive", "x", "scaled"], ["y"]),
            ],
            ("zero", Tensor.Zeros([])),
            ("slope", Tensor.Full([], 0.5)));
        var network = new Network(graph);
        var x = Tensor.FromArray([2f, -2f], 1, 2);
        Close.Equal(Tensor.FromArray([2f, -1f], 1, 2), network.Forward(x));
        Assert.Null(network.FirstCurvedNode());
        Assert.Empty(network.Parameters);
        var greater = graph.Nodes[0];
        var call = network.Call(greater, [x, graph.Initializers["zero"]], RunOptions.Evaluation);
        Assert.Equal([2f, -2f], network.Operators[greater].Switches(call)!.ToArray<float>());
        Assert.Equal([true, false], network.Operators[greater].Pattern(call)!.ToArray<bool>());
    }

    /// <summary>The derivative of a step is zero where there is one; what merely carries a number has one.</summary>
    [Theory]
    [InlineData("Floor", 0L, true)]
    [InlineData("Sign", 0L, true)]
    [InlineData("Not", 0L, true)]
    [InlineData("Cast", 7L, true)]
    [InlineData("Cast", 9L, true)]
    [InlineData("Cast", 11L, false)]
    [InlineData("Relu", 0L, false)]
    public void A_step_ends_every_derivative(string type, long to, bool isStep)
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = TestGraphs.Graph(
            [null, 2],
            [
                TestGraphs.Node("Mul", ["x", "x"], ["square"]),
                TestGraphs.Node(type, ["square"], ["step"], Attributes.Of(("to", to))),
                TestGraphs.Node("Cast", ["step"], ["y"], Attributes.Of(("to", 1L))),
            ],
            ("unused", Tensor.Zeros([1])));
        var network = new Network(graph);
        Assert.Contains("y", network.DependsOnData);
        Assert.Contains("square", network.Differentiable);
        Assert.Equal(!isStep, network.Differentiable.Contains("y"));
        Assert.Equal(isStep && type != "Not", network.LinearityOf(graph.Nodes[1]) == Linearity.Step);
        Assert.Equal(Linearity.Structural, network.LinearityOf(graph.Nodes[2]));
        Assert.False(isStep && network.Operators[graph.Nodes[1]].KeepsNumbersInOrder(graph.Nodes[1]));
        var x = Tensor.FromArray([0.7f, -1.2f], 1, 2).RequireGrad();
        var y = network.Run(x, ["y"])["y"];
        Assert.Equal(!isStep, y.RequiresGrad && Autograd.Grad(y.Sum(), x).Abs().Sum().Item() > 0);
    }

    /// <summary>A path around the step still carries a derivative, and indices that choose carry none.</summary>
    [Fact]
    public void A_derivative_takes_the_paths_that_have_no_step()
    {
        using var scope = Libtorch.NewDisposeScope();
        var graph = TestGraphs.Graph(
            [null, 2],
            [
                TestGraphs.Node("Cast", ["x"], ["rows"], Attributes.Of(("to", 7L))),
                TestGraphs.Node("Gather", ["table", "rows"], ["chosen"]),
                TestGraphs.Node("Greater", ["x", "zero"], ["positive"]),
                TestGraphs.Node("Where", ["positive", "chosen", "zero"], ["part"]),
                TestGraphs.Node("Add", ["part", "x"], ["y"]),
            ],
            ("table", Tensor.Zeros([3])),
            ("zero", Tensor.Zeros([])));
        Assert.Equal(["x", "y"], new Network(graph).Differentiable.Order(StringComparer.Ordinal));
        var ids = graph with { Input = graph.Input with { Type = ScalarType.Int64 } };
        Assert.Empty(new Network(ids).Differentiable);
    }

    [Fact]
    public void A_stored_tensor_is_a_parameter_where_it_is_trained()
    {
        using var scope = Libtorch.NewDisposeScope();
        string[] Trained(string type, params Tensor?[] inputs) =>
            [.. new OneNode(type, inputs).Network.Parameters.Where(p => p.Name != "type").Select(p => p.Name)];
        Assert.Equal(["input1"], Trained("Add", Random(1, 2), Random(2, 2)));
        Assert.Equal(["input1"], Trained("PRelu", Random(1, 2), Random(2, 2)));
        Assert.Equal(["input1", "input2"], Trained("LayerNormalization", Random(1, 1, 2), Random(2, 2), Random(3, 2)));
        Assert.Empty(Trained("Clip", Random(1, 2), Random(2, 1), Random(3, 1)));
        Assert.Empty(Trained("Max", Random(1, 2), Random(2, 1)));
        Assert.Empty(Trained("Pow", Random(1, 2), Random(2, 1)));
        Assert.Empty(Trained("Pad", Random(1, 1, 2), Integers(0, 0, 0, 0), Random(2, 1)));
        Assert.Empty(Trained("Resize", Random(1, 1, 2), Random(2, 2), Numbers(1, 2)));
    }
}
