using Google.Protobuf;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Tests.Networks;

/// <summary>Weights wherever exporters put them.</summary>
public sealed class StoredTensorsTests
{
    private const long MlpParameters = (4 * 3) + 4 + (2 * 4) + 2;

    [Fact]
    public void Weights_in_Constant_nodes_are_parameters()
    {
        var model = OnnxFiles.Mlp();
        Tensor[] expected = [Forward(OnnxFiles.Read(model))];
        foreach (var stored in model.Graph.Initializer)
        {
            model.Graph.Node.Insert(0, new NodeProto
            {
                OpType = "Constant",
                Output = { stored.Name },
                Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = stored } },
            });
        }

        model.Graph.Initializer.Clear();
        var network = new Network(OnnxFiles.Read(model));
        Assert.Equal(MlpParameters, network.ParameterCount);
        Assert.Equal([16, 0, 10], NetworkDescription.Of(network).Layers.Select(layer => layer.Parameters));
        Close.Equal(expected[0], Forward(network.Graph));
    }

    /// <summary>A number of a formula, such as the ½ of a GELU, is no weight.</summary>
    [Fact]
    public void A_single_number_in_a_Constant_node_is_no_parameter()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Node[] nodes =
        [
            TestGraphs.Node("Constant", [], ["half"], Attributes.Of(("value", Tensor.Full([1], 0.5)))),
            TestGraphs.Node("Mul", ["x", "half"], ["y"]),
        ];
        var read = OnnxFiles.Read(OnnxFiles.Bytes(TestGraphs.Graph([null, 3], nodes)), folder);
        Assert.Equal(0, new Network(read).ParameterCount);
    }

    [Fact]
    public void Numbers_that_only_sizes_are_reckoned_with_are_no_parameters()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Node[] nodes =
        [
            TestGraphs.Node("Shape", ["x"], ["s"]), TestGraphs.Node("Cast", ["s"], ["f"], Attributes.Of(("to", 1L))),
            TestGraphs.Node("Concat", ["f", "one"], ["c"], Attributes.Of(("axis", 0L))),
            TestGraphs.Node("Cast", ["c"], ["sizes"], Attributes.Of(("to", 7L))), TestGraphs.Node("Reshape", ["x", "sizes"], ["r"]),
            TestGraphs.Node("Mul", ["r", "w"], ["y"]),
        ];
        var read = OnnxFiles.Read(
            OnnxFiles.Bytes(TestGraphs.Graph([null, 3], nodes, ("one", Tensor.Full([1], 1)), ("w", Tensor.Full([1], 2)))), folder);
        Assert.Equal(["w"], new Network(read).Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Initializers_handed_on_or_shared_count_once_and_where_they_are_used()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        var graph = TestGraphs.Graph(
            [null, 3],
            [
                TestGraphs.Node("Identity", ["b"], ["b2"]),
                TestGraphs.Node("Cast", ["w"], ["w2"], Attributes.Of(("to", 1L))),
                TestGraphs.Node("Transpose", ["w2"], ["wt"]),
                TestGraphs.Node("MatMul", ["x", "wt"], ["h"]),
                TestGraphs.Node("MatMul", ["h", "w"], ["g"]),
                TestGraphs.Node("Add", ["g", "b"], ["a"]),
                TestGraphs.Node("Add", ["a", "b2"], ["y"]),
            ],
            ("w", Tensor.Randn([5, 3], generator)), ("b", Tensor.Randn([3], generator)));
        var network = new Network(OnnxFiles.Read(OnnxFiles.Bytes(graph), folder));
        Assert.Equal(["w", "b"], network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(18, network.ParameterCount);
        Assert.Equal([15, 0, 3, 0], NetworkDescription.Of(network).Layers.Select(layer => layer.Parameters));
        Close.Equal(Forward(graph), Forward(network.Graph));
    }

    [Fact]
    public void An_output_that_only_hands_on_stays()
    {
        using TemporaryFolder folder = new();
        var graph = TestGraphs.Graph([null, 2], [TestGraphs.Node("Identity", ["c"], ["y"])], ("c", Tensor.Ones([2])));
        Assert.Equal("y", Assert.Single(OnnxFiles.Read(OnnxFiles.Bytes(graph), folder).Nodes).Output);
    }

    [Fact]
    public void Dequantized_weights_are_parameters()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = new Network(OnnxFiles.Read(Quantized(2)));
        Assert.Equal(6, network.ParameterCount);
        Assert.DoesNotContain(network.Graph.Nodes, node => node.OperatorType == "DequantizeLinear");

        // (q − z) s, a scale and a zero point for each row.
        float[] expected = [(1 - 1) * 0.5f, (-2 - 1) * 0.5f, (3 - 1) * 0.5f, (4 + 3) * 0.25f, (5 + 3) * 0.25f, (-6 + 3) * 0.25f];
        Assert.Equal(expected, network.Parameters[0].Value.ToArray<float>());
        Assert.Equal(["w"], network.Graph.Initializers.Keys);
    }

    [Fact]
    public void Scales_that_do_not_fit_are_refused() =>
        Assert.Contains("along axis 0 of size 2", Assert.Throws<OccamException>(() => OnnxFiles.Read(Quantized(3))).Message);

    [Theory]
    [InlineData((int)DataType.Complex128, "Complex128")]
    [InlineData((int)DataType.Complex64, "Complex64")]
    public void Types_that_Occam_does_not_compute_in_are_refused_by_name(int type, string name)
    {
        var model = OnnxFiles.Mlp();
        model.Graph.Initializer[0].DataType = type;
        var e = Assert.Throws<OccamException>(() => OnnxFiles.Read(model));
        Assert.Contains($"elements of type {name}:", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    /// <summary>Against what ONNX says of a few, and .NET's halves, whose upper bytes E5M2 is.</summary>
    [Fact]
    public void Floating_point_numbers_of_8_bits_and_fewer_are_what_ONNX_says()
    {
        double[] Read(DataType type, int count, params byte[] bytes)
        {
            var model = OnnxFiles.Mlp();
            model.Graph.Initializer.Add(
                new TensorProto { Name = "small", DataType = (int)type, Dims = { count }, RawData = ByteString.CopyFrom(bytes) });
            return OnnxFiles.Read(model).Initializers["small"].ToArray<double>();
        }

        const double NaN = double.NaN;
        byte[] all = [.. Enumerable.Range(0, 256).Select(bits => (byte)bits)];
        Assert.Equal(
            all.Select(bits => (double)BitConverter.UInt16BitsToHalf((ushort)(bits << 8))), Read(DataType.Float8E5M2, 256, all));
        Assert.Equal(
            [1, 448, 0.001953125, -4, NaN, NaN], Read(DataType.Float8E4M3Fn, 6, 0x38, 0x7E, 0x01, 0xC8, 0x7F, 0xFF));
        Assert.Equal([1, 240, 0.0009765625, NaN], Read(DataType.Float8E4M3Fnuz, 4, 0x40, 0x7F, 0x01, 0x80));
        Assert.Equal([1, 57344, 0.00000762939453125, NaN], Read(DataType.Float8E5M2Fnuz, 4, 0x40, 0x7F, 0x01, 0x80));
        Assert.Equal([1, 4, 0.5, NaN], Read(DataType.Float8E8M0, 4, 127, 129, 126, 255));
        Assert.Equal([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.5, -6], Read(DataType.Float4E2M1, 10, 0x10, 0x32, 0x54, 0x76, 0xF9));
        Assert.Equal([1, -1, 7, -8, 3], Read(DataType.Int4, 5, 0xF1, 0x87, 0x03));
        Assert.Equal([1, 15, 7, 8, 3], Read(DataType.Uint4, 5, 0xF1, 0x87, 0x03));
        Assert.Equal([0, 1, -2, -1, 1], Read(DataType.Int2, 5, 0b11_10_01_00, 0b01));
        Assert.Equal([0, 1, 2, 3, 1], Read(DataType.Uint2, 5, 0b11_10_01_00, 0b01));
        Assert.Throws<OccamException>(() => Read(DataType.Uint2, 5, 0b11_10_01_00));
    }

    [Fact]
    public void Weights_of_4_bits_stand_for_what_ONNX_Runtime_takes_them_for()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        TensorProto Tensor(string name, DataType type, int[] dims, params byte[] bytes)
        {
            TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
            tensor.Dims.AddRange(dims.Select(size => (long)size));
            return tensor;
        }

        ValueInfoProto Value(string name, int size) => new()
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)DataType.Float,
                    Shape = new TensorShapeProto
                    {
                        Dim =
                        {
                            new TensorShapeProto.Types.Dimension { DimParam = "n" },
                            new TensorShapeProto.Types.Dimension { DimValue = size },
                        },
                    },
                },
            },
        };
        ModelProto model = new()
        {
            IrVersion = 10,
            OpsetImport = { new OperatorSetIdProto { Version = 21 } },
            Graph = new GraphProto
            {
                Name = "four",
                Input = { Value("x", 3) },
                Output = { Value("y", 2) },
                Initializer =
                {
                    Tensor("w", DataType.Int4, [3, 2], 0xF1, 0x87, 0x53), Tensor("z", DataType.Int4, [2], 0x2F),
                    Tensor("s", DataType.Float, [2], [.. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(0.25f)]),
                    Tensor("xs", DataType.Float, [], BitConverter.GetBytes(0.2f)), Tensor("xz", DataType.Uint4, [], 0x06),
                },
                Node =
                {
                    new NodeProto { OpType = "QuantizeLinear", Input = { "x", "xs", "xz" }, Output = { "q" } },
                    new NodeProto { OpType = "DequantizeLinear", Input = { "q", "xs", "xz" }, Output = { "r" } },
                    new NodeProto { OpType = "DequantizeLinear", Input = { "w", "s", "z" }, Output = { "v" } },
                    new NodeProto { OpType = "MatMul", Input = { "r", "v" }, Output = { "y" } },
                },
            },
        };
        File.WriteAllBytes(folder.File("four.onnx"), model.ToByteArray());
        OnnxRuntimePeer.Agrees(folder.File("four.onnx"), OneNode.Random(1, 20, 3).To(ScalarType.Float32));
        Assert.Equal(6, new Network(OnnxReader.Read(folder.File("four.onnx"))).ParameterCount);
    }

    /// <summary>More numbers than one piece has, with one of each piece told.</summary>
    [Fact]
    public void Long_external_tensors_are_read_piece_by_piece()
    {
        const int Length = (1 << 22) + 3;
        using TemporaryFolder folder = new();
        var bytes = new byte[2 * Length];
        foreach (var (at, value) in new[] { (0, 1f), ((1 << 21) - 1, 2f), (1 << 21, 3f), (Length - 1, 4f) })
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(2 * at), (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        }

        File.WriteAllBytes(folder.File("weights.bin"), bytes);
        var model = OnnxFiles.Mlp();
        TensorProto stored = new() { Name = "long", DataType = (int)DataType.Bfloat16, Dims = { Length } };
        stored.MakeExternal("weights.bin");
        model.Graph.Initializer.Add(stored);
        var read = OnnxFiles.Read(model, folder).Initializers["long"];
        Assert.Equal(ScalarType.Float32, read.ScalarType);
        var values = read.AsSpan<float>();
        Assert.Equal([1, 2, 3, 4], [values[0], values[(1 << 21) - 1], values[1 << 21], values[^1]]);
        Assert.Equal(Length - 4, values.Count(0f));
    }

    private static ModelProto Quantized(int scales)
    {
        var model = OnnxFiles.Mlp();
        var graph = model.Graph;
        graph.Initializer.Clear();
        graph.Node.Clear();
        graph.Initializer.Add(new TensorProto
        {
            Name = "q",
            DataType = (int)DataType.Int8,
            Dims = { 2, 3 },
            RawData = ByteString.CopyFrom(1, 0xfe, 3, 4, 5, 0xfa),
        });
        TensorProto scale = new() { Name = "s", DataType = (int)DataType.Float, Dims = { scales }, FloatData = { 0.5f, 0.25f } };
        TensorProto zero = new() { Name = "z", DataType = (int)DataType.Int8, Dims = { 2 }, Int32Data = { 1, -3 } };
        scale.FloatData.Add(Enumerable.Repeat(1f, scales - 2));
        graph.Initializer.Add(scale);
        graph.Initializer.Add(zero);
        graph.Node.Add(new NodeProto
        {
            OpType = "DequantizeLinear",
            Input = { "q", "s", "z" },
            Output = { "w" },
            Attribute = { new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 } },
        });
        graph.Node.Add(new NodeProto { OpType = "Gemm", Input = { "x", "w" }, Output = { "y" } });
        graph.Node[1].Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        return model;
    }

    private static Tensor Forward(Graph graph)
    {
        using Generator generator = new(9);
        return new Network(graph).Forward(Tensor.Randn([4, 3], generator));
    }
}
