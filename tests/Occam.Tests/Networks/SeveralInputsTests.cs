using System.Collections.Immutable;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public class SeveralInputsTests
{
    // y = x · ids + mask, the inputs in the file's order.
    private static Graph Scaled() => new()
    {
        Opset = 17,
        Input = new ValueInfo("x", ScalarType.Float32, [null, 2]) { Symbols = ["batch", null] },
        Held = [new ValueInfo("ids", ScalarType.Int64, [null, 2]), new ValueInfo("mask", ScalarType.Float32, [null, null])],
        Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
        Nodes =
        [
            TestGraphs.Node("Cast", ["ids"], ["scale"], Attributes.Of(("to", 1L))),
            TestGraphs.Node("Mul", ["x", "scale"], ["product"]),
            TestGraphs.Node("Add", ["product", "mask"], ["y"]),
        ],
        Initializers = [],
    };

    [Fact]
    public void A_file_keeps_its_inputs_and_the_names_of_their_sizes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("scaled.onnx");
        OnnxWriter.Write(Scaled(), path);

        var read = OnnxReader.Read(path);

        Assert.Equal("x", read.Input.Name);
        Assert.Equal(["ids", "mask"], read.Held.Select(held => held.Name));
        Assert.Equal("batch", read.Input.Symbols[0]);
        Assert.Equal(ScalarType.Int64, read.Held[0].Type);
    }

    [Fact]
    public void Held_inputs_are_given_once_and_their_values_count()
    {
        var network = new Network(Scaled());
        var held = network.Holding(new Dictionary<string, Tensor>
        {
            ["ids"] = Tensor.FromArray([2L, 3, -1, 0], 2, 2),
            ["mask"] = Tensor.FromArray([0.5f, 0, 0, 1], 2, 2),
        });

        Assert.Equal([2.5f, 6, -3, 1], held.Forward(Tensor.FromArray([1f, 2, 3, 4], 2, 2)).ToArray<float>());
        Assert.Contains("needed too", Assert.Throws<OccamException>(() => network.Forward(Tensor.Zeros([2, 2]))).Message);
    }

    /// <summary>Two tables of as many rows: either may be the one that is meant.</summary>
    [Fact]
    public void Of_two_equal_tables_the_other_is_named_and_an_id_outside_is_told()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using Generator generator = new(1);
        var graph = new Graph
        {
            Opset = 17,
            Input = new ValueInfo("question", ScalarType.Int64, [null, 3]),
            Held = [new ValueInfo("answer", ScalarType.Int64, [null, 3])],
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 3, 2])],
            Nodes =
            [
                TestGraphs.Node("Gather", ["first", "question"], ["q"]), TestGraphs.Node("Gather", ["second", "answer"], ["a"]),
                TestGraphs.Node("Add", ["q", "a"], ["s"]), TestGraphs.Node("Tanh", ["s"], ["y"]),
            ],
            Initializers = [],
        };
        graph = graph with
        {
            Initializers = graph.Initializers.Add("first", Tensor.Randn([7, 2], generator)).Add("second", Tensor.Randn([7, 2], generator)),
        };
        OnnxWriter.Write(graph, folder.File("two.onnx"));
        Assert.Contains(
            "such as Gather 'Gather:a', looked up by 'answer', whose table is as large",
            Assert.Single(NetworkLoader.Load(folder.File("two.onnx")).Notes), StringComparison.Ordinal);

        var network = new Network(graph).Holding(
            new Dictionary<string, Tensor> { ["answer"] = Tensor.FromArray([0L, -7, 6, 1, 2, 3], 2, 3) });
        Assert.Equal([2, 3, 2], network.Run(Tensor.FromArray([0L, 1, 2, 3, 4, 5], 2, 3), ["y"])["y"].Shape);
        var outside = Assert.Throws<OccamException>(() => network.Run(Tensor.FromArray([0L, 1, 2, 3, 7, 5], 2, 3), ["y"]));
        Assert.Equal(
            "Gather 'Gather:q' looks up 7, which 'question' holds at [1, 1], in 'first': along axis 0 it has 0 to 6", outside.Message);
    }

    [Fact]
    public void Of_several_inputs_the_first_with_a_derivative_is_the_function_s()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo("a", ScalarType.Float32, [null, 2]),
                Held = [new ValueInfo("b", ScalarType.Float32, [null, 2])],
                Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 2])],
                Nodes = [TestGraphs.Node("Sign", ["a"], ["s"]), TestGraphs.Node("Mul", ["s", "b"], ["y"])],
                Initializers = [],
            },
            folder.File("cut.onnx"));

        Assert.Equal("b", NetworkLoader.Load(folder.File("cut.onnx")).Network!.Graph.Input.Name);
    }

    /// <summary>A single number for all examples, as a sampling rate, is what the data have for it.</summary>
    [Fact]
    public void An_input_that_is_a_single_number_takes_it_from_the_data()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = new Network(new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float64, [null, 2]),
            Held = [new ValueInfo("rate", ScalarType.Int64, [])],
            Outputs = [new ValueInfo("y", ScalarType.Float64, [null, 2])],
            Nodes =
            [
                TestGraphs.Node("Cast", ["rate"], ["r"], Attributes.Of(("to", 11L))), TestGraphs.Node("Mul", ["x", "r"], ["y"]),
            ],
            Initializers = [],
        });
        DataSet Data(params double[] rates) => DataSet.FromArrays("x", [2], new double[] { 1, 2, 3, 4 })
            .With("x", ImmutableDictionary<string, DataSet>.Empty.Add("rate", DataSet.FromArrays("rate", [1], rates)));
        double Complexity(DataSet data) =>
            MeasureCatalogue.Find("geometric-complexity").Measurement(new MeasureContext(new Subject(network), data)).Value!.Value;

        Assert.Equal(18, Complexity(Data(3, 3)));
        Assert.Contains("(--fix rate=3)", Assert.Throws<OccamException>(() => Complexity(Data(3, 4))).Message);
    }

    [Fact]
    public void A_product_with_a_held_input_is_affine()
    {
        var network = new Network(Scaled());

        Assert.All(network.Graph.Nodes, node => Assert.NotEqual(Linearity.Curved, network.LinearityOf(node)));
        Assert.Null(network.FirstCurvedNode());
    }
}
