using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class NetworkLoaderTests
{
    [Theory]
    [InlineData("Softmax", FinalActivation.Softmax)]
    [InlineData("LogSoftmax", FinalActivation.Softmax)]
    [InlineData("Sigmoid", FinalActivation.Sigmoid)]
    public void The_logits_are_found_before_the_final_activation(string type, FinalActivation activation)
    {
        using var scope = Libtorch.NewDisposeScope();
        Graph graph = TestGraphs.Mlp();
        LoadedNetwork loaded = Load(graph with
        {
            Nodes = [.. graph.Nodes, TestGraphs.Node(
                type, ["y"], ["p"]), TestGraphs.Node("Flatten", ["p"], ["f"]), TestGraphs.Node("Identity", ["f"], ["out"])],
            Outputs = [new ValueInfo("out", ScalarType.Float32, default)],
        });
        Assert.Equal(activation, loaded.FinalActivation);
        Assert.Contains("'y' is taken as the logits", Assert.Single(loaded.Notes));
        Assert.Equal(new Network(graph).Forward(Examples).ToArray<float>(), loaded.Function.Forward(Examples).ToArray<float>());
    }

    [Fact]
    public void Logits_are_left_as_they_are()
    {
        LoadedNetwork loaded = Load(TestGraphs.Mlp());
        Assert.Equal(FinalActivation.None, loaded.FinalActivation);
        Assert.Empty(loaded.Notes);
        Assert.Equal(26, loaded.ParameterCount);
        Assert.Null(loaded.FixedBatch);
    }

    [Fact]
    public void A_parameter_of_several_nodes_counts_once_and_is_told()
    {
        using Generator generator = new(1);
        LoadedNetwork loaded = Load(TestGraphs.Graph(
            [null, 3],
            [
                TestGraphs.Node("Gemm", ["x", "w"], ["h"]), TestGraphs.Node("Relu", ["h"], ["a"]),
                TestGraphs.Node("Gemm", ["a", "w"], ["y"]),
            ],
            ("w", Tensor.Randn([3, 3], generator))));
        Assert.Equal(9, loaded.ParameterCount);
        Assert.StartsWith("parameters of several nodes count once: 'w' of 2 nodes;", Assert.Single(loaded.Notes));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Relu:a")]
    public void Another_output_can_be_chosen_by_value_or_node(string output)
    {
        using var scope = Libtorch.NewDisposeScope();
        LoadedNetwork loaded = Load(TestGraphs.Mlp(), output);
        Assert.Equal([5, 4], loaded.Function.Forward(Examples).Shape);
        Assert.Equal(16, loaded.ParameterCount);
    }

    [Fact]
    public void What_comes_after_the_output_may_be_unknown()
    {
        Graph graph = TestGraphs.Mlp();
        graph = graph with
        {
            Nodes = [.. graph.Nodes, TestGraphs.Node("Softmax", ["y"], ["p"]), TestGraphs.Node("NoSuchOperator", ["p"], ["z"])],
            Outputs = [new ValueInfo("p", ScalarType.Float32, default), new ValueInfo("z", ScalarType.Float32, default)],
        };
        Assert.Equal(2, Load(graph).Notes.Length);
        Assert.Contains("NoSuchOperator", Assert.Throws<OccamException>(() => Load(graph, "z")).Message);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("constant")]
    public void An_output_that_is_none_is_refused(string output)
    {
        Graph graph = TestGraphs.Mlp();
        graph = graph with { Nodes = [.. graph.Nodes, TestGraphs.Node("Relu", ["w1"], ["constant"])] };
        Assert.Throws<OccamException>(() => Load(graph, output));
    }

    [Fact]
    public void A_batch_size_in_reshapes_is_taken_out()
    {
        using var scope = Libtorch.NewDisposeScope();
        Graph graph = Fixed(1, inReshape: true);
        LoadedNetwork loaded = Load(graph);
        Assert.Null(loaded.FixedBatch);
        Assert.Contains("built into its reshapes", Assert.Single(loaded.Notes));
        AssertOneByOne(graph, loaded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_batch_size_that_stays_is_run_as_often_as_needed(long batch)
    {
        using var scope = Libtorch.NewDisposeScope();
        Graph graph = Fixed(batch, inReshape: false);
        LoadedNetwork loaded = Load(graph);
        Assert.Equal(batch, loaded.FixedBatch);
        Assert.Contains("as often as needed", Assert.Single(loaded.Notes));
        if (batch == 1)
        {
            AssertOneByOne(graph, loaded);
        }

        Tensor x = Examples.Clone().RequireGrad();
        Tensor y = loaded.Function.Forward(x);
        Assert.Equal(5, y.Size(0));
        Tensor gradient = Autograd.Grad([y.Select(0, 4).Sum()], [x])[0]!;
        Assert.Equal(0, gradient.Narrow(0, 0, 4).Abs().Sum().Item());
        Assert.NotEqual(0, gradient.Narrow(0, 4, 1).Abs().Sum().Item());
    }

    [Fact]
    public void A_network_that_runs_on_nothing_is_refused()
    {
        Graph graph = TestGraphs.Mlp();
        Assert.Throws<OccamException>(() => Load(graph with { Input = graph.Input with { Shape = [null, 7] } }));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_told()
    {
        Graph graph = TestGraphs.Mlp();
        Assert.Empty(NetworkChecks.NonFiniteParameters(new Network(graph)));
        Network bad = new(graph with
        {
            Initializers = graph.Initializers
                .SetItem("w1", graph.Initializers["w1"] * double.NaN)
                .SetItem("b2", Tensor.FromArray(new[] { 1, float.NegativeInfinity }, 2)),
        });
        Assert.Equal(["b2", "w1"], NetworkChecks.NonFiniteParameters(bad));
    }

    [Fact]
    public void A_zip_that_is_not_TorchScript_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("a.pt"), "PK\x03\x04 and nothing more"u8.ToArray());
        var trusted = new FunctionChoice { IsTrusted = true };

        var error = Assert.Throws<OccamException>(() => NetworkLoader.Load(folder.File("a.pt"), trusted));

        Assert.Contains("torch.jit.save", error.Message);
    }

    private static Tensor Examples
    {
        get
        {
            using Generator generator = new(8);
            return Tensor.Randn([5, 3], generator);
        }
    }

    private static LoadedNetwork Load(Graph graph, string? output = null)
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(graph, folder.File("a.onnx"));
        return NetworkLoader.Load(folder.File("a.onnx"), output);
    }

    // As exports with example inputs of a fixed size come out: sizes in reshapes, or constants with that many rows.
    private static Graph Fixed(long batch, bool inReshape)
    {
        Graph graph = TestGraphs.Mlp();
        Node[] nodes = (inReshape, batch) switch
        {
            (true, _) =>
            [
                TestGraphs.Node("Reshape", ["h", "sizes"], ["s"]), TestGraphs.Node("Flatten", ["s"], ["t"]),
                TestGraphs.Node("Relu", ["t"], ["a"]),
            ],
            (_, 1) => [TestGraphs.Node("Flatten", ["h"], ["a"], Attributes.Of(("axis", 0L)))],
            _ => [TestGraphs.Node("Add", ["h", "rows"], ["a"])],
        };
        return graph with
        {
            Input = graph.Input with { Shape = [batch, 3] },
            Nodes = [graph.Nodes[0], .. nodes, graph.Nodes[2]],
            Initializers = graph.Initializers
                .Add("sizes", Tensor.FromArray(new[] { batch, 2L, 2L }, 3))
                .Add("rows", Tensor.Ones([batch, 4])),
        };
    }

    private static void AssertOneByOne(Graph graph, LoadedNetwork loaded)
    {
        Network network = new(graph);
        Tensor apart = Tensor.Cat([.. Enumerable.Range(0, 5).Select(i => network.Forward(Examples.Narrow(0, i, 1)))], 0);
        Assert.InRange((loaded.Function.Forward(Examples) - apart).Abs().AMax([0, 1]).Item(), 0, 1e-6);
    }
}
