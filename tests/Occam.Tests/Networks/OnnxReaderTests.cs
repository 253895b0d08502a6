using Google.Protobuf;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Tests.Networks;

public sealed class OnnxReaderTests
{
    private static readonly double[] s_values = [0, 1, 100, 2];

    [Fact]
    public void Every_encoding_of_numbers_is_read()
    {
        AssertReads(new TensorProto { DataType = (int)DataType.Float, FloatData = { 0, 1, 100, 2 } }, ScalarType.Float32);
        AssertReads(new TensorProto { DataType = (int)DataType.Double, DoubleData = { 0, 1, 100, 2 } }, ScalarType.Float32);
        AssertReads(new TensorProto { DataType = (int)DataType.Float16, Int32Data = { 0, 0x3c00, 0x5640, 0x4000 } }, ScalarType.Float32);
        AssertReads(
            new TensorProto { DataType = (int)DataType.Float16, RawData = ByteString.CopyFrom(0, 0, 0, 0x3c, 0x40, 0x56, 0, 0x40) },
            ScalarType.Float32);
        AssertReads(
            new TensorProto { DataType = (int)DataType.Bfloat16, RawData = ByteString.CopyFrom(0, 0, 0x80, 0x3f, 0xc8, 0x42, 0, 0x40) },
            ScalarType.Float32);
        AssertReads(new TensorProto { DataType = (int)DataType.Int64, Int64Data = { 0, 1, 100, 2 } }, ScalarType.Int64);
        AssertReads(new TensorProto { DataType = (int)DataType.Int32, Int32Data = { 0, 1, 100, 2 } }, ScalarType.Int32);
        AssertReads(
            new TensorProto { DataType = (int)DataType.Int16, RawData = ByteString.CopyFrom(0, 0, 1, 0, 100, 0, 2, 0) }, ScalarType.Int16);
        AssertReads(new TensorProto { DataType = (int)DataType.Uint16, Int32Data = { 0, 1, 100, 2 } }, ScalarType.Int32);
        AssertReads(new TensorProto { DataType = (int)DataType.Int8, RawData = ByteString.CopyFrom(0, 1, 100, 2) }, ScalarType.Int8);
        AssertReads(new TensorProto { DataType = (int)DataType.Uint8, RawData = ByteString.CopyFrom(0, 1, 100, 2) }, ScalarType.Byte);
        AssertReads(new TensorProto { DataType = (int)DataType.Uint32, Uint64Data = { 0, 1, 100, 2 } }, ScalarType.Int64);
        AssertReads(new TensorProto { DataType = (int)DataType.Uint64, Uint64Data = { 0, 1, 100, 2 } }, ScalarType.Int64);
        Assert.Equal([0, 1, 1, 1], Read(new TensorProto
        {
            DataType = (int)DataType.Bool,
            RawData = ByteString.CopyFrom(0, 1, 100, 2),
            Dims = { 4 },
        }).ToArray<double>());
    }

    [Fact]
    public void Nodes_out_of_order_are_sorted_and_those_in_order_kept()
    {
        ModelProto model = OnnxFiles.Mlp();
        string[] order = [.. model.Graph.Node.Select(node => node.Output[0])];
        NodeProto first = model.Graph.Node[0];
        model.Graph.Node.RemoveAt(0);
        model.Graph.Node.Add(first);
        Assert.Equal(order, OnnxFiles.Read(model).Nodes.Select(node => node.Output));
    }

    [Fact]
    public void Nodes_get_names_of_their_own()
    {
        ModelProto model = OnnxFiles.Mlp();
        model.Graph.Node[0].Name = "same";
        model.Graph.Node[1].Name = "";
        model.Graph.Node[2].Name = "same";
        Assert.Equal(["same", "Relu_1", "same_2"], OnnxFiles.Read(model).Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Initializers_among_the_inputs_are_not_inputs()
    {
        ModelProto model = OnnxFiles.Mlp();
        model.Graph.Input.Insert(0, new ValueInfoProto { Name = "w1" });
        Assert.Equal("x", OnnxFiles.Read(model).Input.Name);
    }

    [Fact]
    public void Free_sizes_and_unknown_shapes_are_told_apart()
    {
        ModelProto model = OnnxFiles.Mlp();
        Assert.Equal([null, 3], OnnxFiles.Read(model).Input.Shape);
        model.Graph.Input[0].Type.TensorType.Shape = null;
        Assert.True(OnnxFiles.Read(model).Input.Shape.IsDefault);
        Assert.True(OnnxFiles.Read(model).Input.ExampleShape.IsDefault);
    }

    [Fact]
    public void External_data_is_read_from_the_folder()
    {
        using TemporaryFolder folder = new();
        float[] numbers = [1, 2, 3, 4, 5, 6];
        File.WriteAllBytes(folder.File("weights.bin"), [.. numbers.SelectMany(BitConverter.GetBytes)]);
        ModelProto model = OnnxFiles.Mlp();
        model.Graph.Initializer.Single(tensor => tensor.Name == "b1").MakeExternal("weights.bin", offset: 8);
        Assert.Equal([3, 4, 5, 6], OnnxFiles.Read(model, folder).Initializers["b1"].ToArray<float>());
    }

    private static void AssertReads(TensorProto tensor, ScalarType type)
    {
        tensor.Dims.AddRange([2, 2]);
        Tensor read = Read(tensor);
        Assert.Equal(type, read.ScalarType);
        Assert.Equal([2, 2], read.Shape);
        Assert.Equal(s_values, read.ToArray<double>());
    }

    private static Tensor Read(TensorProto tensor)
    {
        ModelProto model = OnnxFiles.Mlp();
        tensor.Name = "stored";
        model.Graph.Initializer.Add(tensor);
        return OnnxFiles.Read(model).Initializers["stored"];
    }
}
