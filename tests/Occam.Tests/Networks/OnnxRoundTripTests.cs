using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class OnnxRoundTripTests
{
    [Fact]
    public void A_round_trip_keeps_every_value_and_bit()
    {
        using TemporaryFolder folder = new();
        float[] strange =
            [float.NaN, float.PositiveInfinity, -0f, float.Epsilon, float.MaxValue, BitConverter.Int32BitsToSingle(0x7fc12345)];
        Graph graph = TestGraphs.Graph(
            [null, 3, null, 32],
            [
                TestGraphs.Node("Constant", [], ["c"], Attributes.Of(("value", Tensor.FromArray(new long[] { -1, long.MaxValue }, 2)))),
                TestGraphs.Node("Clip", ["x", "", "strange"], ["k"]),
                TestGraphs.Node("Made", ["k", "none", "scalar", "truth", "byte", "int"], ["y", "", "z"], Attributes.Of(
                    ("float", 0.1f + 0.0), ("int", long.MinValue), ("text", "żółw"), ("floats", new double[] { 1, -0.0 }),
                    ("ints", Array.Empty<long>()), ("texts", new[] { "a", "" }))),
            ],
            ("strange", Tensor.FromArray(strange, 2, 3)),
            ("none", Tensor.FromArray(Array.Empty<float>(), 0, 5)),
            ("scalar", Tensor.FromArray(new float[] { 3 })),
            ("truth", Tensor.FromArray(new[] { true, false }, 2)),
            ("byte", Tensor.FromArray(new byte[] { 0, 255 }, 1, 2)),
            ("int", Tensor.FromArray(new[] { int.MinValue }, 1))) with
        { Opset = 13, Name = "strange things" };
        OnnxWriter.Write(graph, folder.File("a.onnx"));
        Graph read = OnnxReader.Read(folder.File("a.onnx"));
        Assert.Equal(TestGraphs.Describe(graph), TestGraphs.Describe(read));
        Assert.Equal(["a.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Double_weights_stay_double()
    {
        using TemporaryFolder folder = new();
        Graph graph = TestGraphs.Mlp();
        graph = graph with
        {
            Initializers = graph.Initializers.SetItems(
                graph.Initializers.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.To(ScalarType.Float64) / 3))),
            Input = graph.Input with { Type = ScalarType.Float64 },
            Outputs = [graph.Outputs[0] with { Type = ScalarType.Float64 }],
        };
        OnnxWriter.Write(graph, folder.File("a.onnx"));
        Assert.Equal(TestGraphs.Describe(graph), TestGraphs.Describe(OnnxReader.Read(folder.File("a.onnx"))));
    }

    [Fact]
    public void A_network_in_double_precision_is_written_and_read_as_it_computes()
    {
        using TemporaryFolder folder = new();
        using var scope = Libtorch.NewDisposeScope();
        var network = new Network(TestGraphs.Mlp()).To(ScalarType.Float64, Device.Cpu);
        OnnxWriter.Write(network.Graph, folder.File("a.onnx"));
        var read = new Network(OnnxReader.Read(folder.File("a.onnx")));
        var x = Tensor.FromArray([0.5, -1, 2, 1, 0, -0.25], 2, 3);
        Assert.Equal(ScalarType.Float64, read.Type);
        Assert.Equal(network.Forward(x).ToArray<double>(), read.Forward(x).ToArray<double>());
    }

    [Fact]
    public void Tensors_that_are_views_are_written_in_their_own_order()
    {
        using TemporaryFolder folder = new();
        Graph graph = TestGraphs.Mlp();
        Tensor transposed = graph.Initializers["w1"].T();
        OnnxWriter.Write(graph with { Initializers = graph.Initializers.SetItem("w1", transposed) }, folder.File("a.onnx"));
        Assert.Equal(TestGraphs.Bits(transposed), TestGraphs.Bits(OnnxReader.Read(folder.File("a.onnx")).Initializers["w1"]));
    }

    [Fact]
    public void Tensors_outlive_the_scope_in_which_they_were_read()
    {
        using TemporaryFolder folder = new();
        OnnxWriter.Write(TestGraphs.Mlp(), folder.File("a.onnx"));
        Graph read;
        using (Libtorch.NewDisposeScope())
        {
            read = OnnxReader.Read(folder.File("a.onnx"));
        }

        Assert.All(read.Initializers.Values, tensor => Assert.True(tensor.IsAlive));
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("taken"));
        Assert.Throws<OccamException>(() => OnnxWriter.Write(TestGraphs.Mlp(), folder.File("taken")));
        Assert.Throws<OccamException>(() => OnnxWriter.Write(TestGraphs.Mlp(), folder.File("missing/a.onnx")));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
