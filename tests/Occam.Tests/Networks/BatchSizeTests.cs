using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Whether the first dimension of an input counts examples: where they change each other's outputs, it may not.</summary>
public sealed class BatchSizeTests
{
    private static LoadedNetwork Load(TemporaryFolder folder, long? built, double scale, int? axis = null, string mixing = "CumSum")
    {
        using Generator generator = new(3);
        var graph = TestGraphs.Graph(
            [built, 4],
            [
                mixing == "CumSum" ? TestGraphs.Node("CumSum", ["x", "zero"], ["h"]) : TestGraphs.Node("Tanh", ["x"], ["h"]),
                TestGraphs.Node("MatMul", ["h", "w"], ["y"]),
            ],
            ("zero", Tensor.FromArray([0L]).Reshape()), ("w", Tensor.Randn([4, 2], generator) * scale));
        OnnxWriter.Write(graph, folder.File("network.onnx"));
        return NetworkLoader.Load(folder.File("network.onnx"), new FunctionChoice { BatchAxis = axis });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-4)]
    [InlineData(1e-12)]
    public void Examples_that_mix_are_run_one_at_a_time_however_small_the_outputs_are(double scale)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();

        Assert.Equal(1, Load(folder, null, scale).FixedBatch);
        Assert.Null(Load(folder, null, scale, mixing: "Tanh").FixedBatch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-4)]
    public void Of_an_export_of_several_it_is_asked_which_dimension_counts_them(double scale)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();

        Assert.Contains("--batch-axis", Assert.Throws<OccamException>(() => Load(folder, 6, scale)).Message);
        Assert.Equal(1, Load(folder, 6, scale, axis: 0).FixedBatch);
        Assert.Null(Load(folder, 6, scale, mixing: "Tanh").FixedBatch);
    }

    [Fact]
    public void Examples_that_fit_without_another_dimension_say_which()
    {
        var network = new Occam.Networks.Network(TestGraphs.Graph([6, 2, 4], [TestGraphs.Node("Tanh", ["x"], ["y"])]));
        var data = Occam.Data.DataSet.FromArrays("x", [6, 4], new float[48]);

        Assert.Contains(
            "where dimension 1 counts the examples, --batch-axis 1 says so",
            Assert.Throws<OccamException>(() => new Occam.Measures.MeasureContext(new Occam.Measures.Subject(network), data)).Message);
    }

    /// <summary>What is left of large numbers is rounding in float32, and the same in float64.</summary>
    [Fact]
    public void Rounding_is_no_mixing()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        using Generator generator = new(4);
        var graph = TestGraphs.Graph(
            [null, 40],
            [
                TestGraphs.Node("MatMul", ["x", "w"], ["h"]), TestGraphs.Node("Add", ["h", "large"], ["a"]),
                TestGraphs.Node("Sub", ["a", "large"], ["b"]), TestGraphs.Node("Sub", ["b", "h"], ["y"]),
            ],
            ("w", Tensor.Randn([40, 30], generator)), ("large", Tensor.Full([], 1e4)));
        OnnxWriter.Write(graph, folder.File("network.onnx"));

        Assert.Null(NetworkLoader.Load(folder.File("network.onnx")).FixedBatch);
    }
}
