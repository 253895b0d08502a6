using Occam.Networks;
using Occam.Networks.Rewrites;
using Occam.Theory;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Networks;

/// <summary>Weights that an export transposes and reshapes on their way are layers like any other's.</summary>
public sealed class StoredLayoutsTests
{
    private static readonly string[] s_measures =
    [
        "transfer-functions", "layer-amplifications", "group-norm", "l2-path-norm", "l1-path-norm", "lipschitz-upper",
        "implicit-gradient-regularization", "loss-slope", "parameter-count", "fro-over-spec",
    ];

    [Fact]
    public void Measures_and_theorems_are_those_of_the_network_with_its_weights_in_place()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (plain, data) = (Perceptron("relu", 4, 12, 8, 3), Gaussian(9, 3, 4));
        var spread = Spread(plain);
        Close(plain.Forward(Tensor.Eye(4, ScalarType.Float64)), spread.Forward(Tensor.Eye(4, ScalarType.Float64)));
        foreach (var id in s_measures)
        {
            var (expected, actual) = (Measure(id, plain, data), Measure(id, spread, data));
            AssertClose(expected.Value!.Value, actual.Value, 1e-9);
            Assert.Equal(expected.Layers.Length, actual.Layers.Length);
            Assert.All(expected.Layers.Zip(actual.Layers), pair => AssertClose(pair.First.Value, pair.Second.Value, 1e-9));
        }

        foreach (var id in TheoremCatalogue.All.Keys)
        {
            var expected = TheoremCatalogue.Find(id).Check(new TheoryContext(plain, data));
            var actual = TheoremCatalogue.Find(id).Check(new TheoryContext(spread, data));
            Assert.Equal(expected.NotApplicable is null, actual.NotApplicable is null);
            Assert.Equal(expected.Inequalities.Select(side => side.Verdict), actual.Inequalities.Select(side => side.Verdict));

            // Of equalities the tightest is any.
            Assert.All(expected.Inequalities.Zip(actual.Inequalities), pair => Assert.True(
                pair.First.IsEquality || !double.IsFinite(pair.First.Left)
                    || Math.Abs(pair.First.Left - pair.Second.Left) <= 1e-6 * Math.Abs(pair.First.Left), id));
        }
    }

    [Fact]
    public void Parameters_keep_their_names_and_numbers_without_a_copy()
    {
        using var scope = Libtorch.NewDisposeScope();
        var spread = Spread(Perceptron("relu", 4, 6, 3));
        var laid = StoredLayouts.Apply(spread);
        Assert.Equal(
            spread.Parameters.Select(parameter => (parameter.Name, parameter.Value.Elements)).Order(),
            laid.Parameters.Select(parameter => (parameter.Name, parameter.Value.Elements)).Order());
        Assert.DoesNotContain(laid.Graph.Nodes, node => node.OperatorType is "Transpose" or "Reshape" or "Unsqueeze");
        Assert.Same(laid, StoredLayouts.Apply(laid));

        // A number that is written to the one is in the other.
        var (name, value, _, _) = spread.Parameters.First(parameter => parameter.Value.Dimensions == 2);
        value.Select(0, 1).Select(0, 0).CopyInPlace(Tensor.Full([], 7, ScalarType.Float64));
        Assert.Contains(7.0, laid.Graph.Initializers[name].ToArray<double>());
    }

    [Fact]
    public void A_parameter_that_is_used_in_two_forms_stays_as_it_is_and_its_layer_says_why()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var tied = Graph(
            [4],
            [
                TestGraphs.Node("MatMul", ["x", "W"], ["h"]), TestGraphs.Node("Tanh", ["h"], ["a"]),
                TestGraphs.Node("Transpose", ["W"], ["t"]), TestGraphs.Node("MatMul", ["a", "t"], ["y"]),
            ],
            ("W", Tensor.Randn([4, 3], generator, ScalarType.Float64)));
        Assert.Same(tied, StoredLayouts.Apply(tied));
        Assert.Equal(12, tied.ParameterCount);
        var result = Measure("transfer-functions", tied, Gaussian(4, 4, 4));
        Assert.Equal("takes a weight that is computed from 'W'", Assert.Single(result.Skipped).Why);

        // Twice in the same form, it is one.
        var twice = Graph(
            [4],
            [
                TestGraphs.Node("Transpose", ["W"], ["s"]), TestGraphs.Node("MatMul", ["x", "s"], ["h"]),
                TestGraphs.Node("Transpose", ["W"], ["t"]), TestGraphs.Node("MatMul", ["h", "t"], ["y"]),
            ],
            ("W", Tensor.Randn([4, 4], generator, ScalarType.Float64)));
        var laid = StoredLayouts.Apply(twice);
        Assert.Equal(["MatMul", "MatMul"], laid.Graph.Nodes.Select(node => node.OperatorType));
        Close(twice.Forward(Tensor.Eye(4, ScalarType.Float64)), laid.Forward(Tensor.Eye(4, ScalarType.Float64)));
    }

    [Fact]
    public void Of_weights_that_are_computed_the_transfers_say_so()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(4);
        var normalized = Graph(
            [4],
            [
                TestGraphs.Node("ReduceL2", ["v"], ["n"], Attributes.Of(("keepdims", 1L))),
                TestGraphs.Node("Div", ["v", "n"], ["w"]), TestGraphs.Node("MatMul", ["x", "w"], ["y"]),
            ],
            ("v", Tensor.Randn([4, 3], generator, ScalarType.Float64)));
        var result = Find("transfer-functions").Measurement(Context(normalized, Gaussian(4, 3, 4)));
        Assert.Equal(
            "no node is a layer z = W h + b with a stored weight: 'MatMul:y' takes a weight that is computed from 'v'",
            result.NotApplicable);
        Assert.Contains("computed from 'v'", TheoremCatalogue.Find("gor-theorem-1")
            .Check(new TheoryContext(normalized, Gaussian(4, 3, 4))).NotApplicable);
    }

    // Each dense layer taken apart: the weight reshaped and transposed, the bias reshaped and added.
    private static Network Spread(Network network)
    {
        List<Node> nodes = [];
        foreach (var node in network.Graph.Nodes)
        {
            if (node.OperatorType != "Gemm")
            {
                nodes.Add(node);
                continue;
            }

            var y = node.Output;
            nodes.Add(TestGraphs.Node("Unsqueeze", [node.Inputs[1], "first"], [$"{y}.u"]));
            nodes.Add(TestGraphs.Node("Squeeze", [$"{y}.u", "first"], [$"{y}.s"]));
            nodes.Add(TestGraphs.Node("Transpose", [$"{y}.s"], [$"{y}.t"], Attributes.Of(("perm", new long[] { 1, 0 }))));
            nodes.Add(TestGraphs.Node("Identity", [$"{y}.t"], [$"{y}.i"]));
            nodes.Add(TestGraphs.Node("Reshape", [node.Inputs[2], "flat"], [$"{y}.b"]));
            nodes.Add(TestGraphs.Node("MatMul", [node.Inputs[0], $"{y}.i"], [$"{y}.m"]));
            nodes.Add(TestGraphs.Node("Add", [$"{y}.m", $"{y}.b"], [y]));
        }

        return new Network(network.Graph with
        {
            Nodes = [.. nodes],
            Initializers = network.Graph.Initializers
                .Add("first", Tensor.FromArray([0L], 1)).Add("flat", Tensor.FromArray([-1L], 1)),
        });
    }

    private static void Close(Tensor expected, Tensor actual) => Operators.Close.Equal(expected, actual, 1e-12);
}
