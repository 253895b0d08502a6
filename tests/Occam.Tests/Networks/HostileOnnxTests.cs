using System.Diagnostics;
using Google.Protobuf;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class HostileOnnxTests
{
    [Theory]
    [InlineData("no graph", "no nodes")]
    [InlineData("no nodes", "no nodes")]
    [InlineData("no output", "no output")]
    [InlineData("unknown output", "'nowhere'")]
    [InlineData("old operators", "version 0 of ONNX's operator set: Occam reads versions 1 to 26")]
    [InlineData("no operator set", "doesn't say which version")]
    [InlineData("two inputs of one name", "two inputs 'x'")]
    [InlineData("no input", "takes the value 'x', which nothing")]
    [InlineData("missing value", "'missing'")]
    [InlineData("value twice", "'h'")]
    [InlineData("value is an initializer", "'w1'")]
    [InlineData("cycle", "cycle")]
    [InlineData("itself", "cycle")]
    [InlineData("node without output", "has no output")]
    [InlineData("initializer twice", "two initializers 'w1'")]
    [InlineData("negative size", "-4×3")]
    [InlineData("enormous sizes", "4294967296×4294967296")]
    [InlineData("sizes beyond the data", "for it")]
    [InlineData("typed data too short", "1 numbers")]
    [InlineData("many dimensions", "dimensions")]
    [InlineData("strings", "no strings")]
    [InlineData("enormous input", "expected sizes")]
    [InlineData("negative input", "expected sizes")]
    [InlineData("branch", "attribute 'then_branch' of If 'choose'")]
    [InlineData("control characters", "control characters")]
    [InlineData("attribute twice", "'transB' twice")]
    public void A_hostile_file_is_refused_in_one_clear_line(string what, string told)
    {
        ModelProto model = OnnxFiles.Mlp();
        Spoil(model.Graph, model, what);
        OccamException e = Assert.Throws<OccamException>(() => OnnxFiles.Read(model));
        Assert.Contains(told, e.Message);
        Assert.Contains("model.onnx: ", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("inner/../../secret")]
    [InlineData("..\\secret")]
    [InlineData("link")]
    [InlineData("linked/secret")]
    [InlineData("missing")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void External_data_stays_in_the_folder(string location)
    {
        using TemporaryFolder outside = new();
        File.WriteAllBytes(outside.File("secret"), new byte[1000]);
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("link"), outside.File("secret"));
        Directory.CreateSymbolicLink(folder.File("linked"), outside.Path);
        Assert.Throws<OccamException>(() => ReadExternal(folder, location, null, null));
    }

    [Theory]
    [InlineData(0L, 16L, true)]
    [InlineData(1008L, 16L, true)]
    [InlineData(1009L, null, false)]
    [InlineData(long.MaxValue, null, false)]
    [InlineData(-1L, null, false)]
    [InlineData(0L, 15L, false)]
    [InlineData(0L, long.MaxValue, false)]
    public void External_data_must_lie_within_the_file(long offset, long? length, bool fits)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("data"), new byte[1024]);
        Exception? thrown = Record.Exception(() => ReadExternal(folder, "data", offset, length));
        Assert.True(fits ? thrown is null : thrown is OccamException, thrown?.ToString());
    }

    [Fact]
    public async Task A_pipe_in_place_of_external_data_is_refused_at_once()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "There are no pipes here.");
        using TemporaryFolder folder = new();
        using (var made = Process.Start("mkfifo", folder.File("pipe")))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var model = OnnxFiles.Mlp();
        model.Graph.Initializer[0].MakeExternal("pipe");

        var error = await Assert.ThrowsAsync<OccamException>(() => Task.Run(() => OnnxFiles.Read(model, folder))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        Assert.Contains("pipe", error.Message);
    }

    [Fact]
    public void A_hole_in_a_file_is_no_gigabytes_of_weights()
    {
        using TemporaryFolder folder = new();
        using (FileStream file = File.Create(folder.File("data")))
        {
            file.SetLength(3L << 30);
        }

        ModelProto model = OnnxFiles.Mlp();
        TensorProto bias = model.Graph.Initializer.Single(tensor => tensor.Name == "b1");
        bias.Dims.Clear();
        bias.Dims.Add(500L << 20);
        bias.MakeExternal("data");
        long before = Libtorch.PeakMemory;

        Assert.Contains("of them on the disk", Assert.Throws<OccamException>(() => OnnxFiles.Read(model, folder)).Message);
        Assert.InRange(Libtorch.PeakMemory - before, 0, 1L << 30);
    }

    [Fact]
    public void External_bytes_are_given_out_once()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("data"), new byte[16]);
        ModelProto model = OnnxFiles.Mlp();
        TensorProto bias = model.Graph.Initializer.Single(tensor => tensor.Name == "b1");
        bias.MakeExternal("data");
        TensorProto again = bias.Clone();
        again.Name = "again";
        model.Graph.Initializer.Add(again);
        Assert.Contains("not yet used", Assert.Throws<OccamException>(() => OnnxFiles.Read(model, folder)).Message);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        // Attributes that hold graphs that hold nodes that hold attributes …
        NodeProto node = new() { OpType = "If", Output = { "y" } };
        for (int i = 0; i < 2000; i++)
        {
            node = new NodeProto
            {
                OpType = "If",
                Output = { "y" },
                Attribute = { new AttributeProto { Name = "g", G = new GraphProto { Node = { node } } } },
            };
        }

        ModelProto model = OnnxFiles.Mlp();
        model.Graph.Node.Add(node);
        Assert.Throws<OccamException>(() => OnnxFiles.Read(model));
    }

    [Fact]
    public void Millions_of_empty_parts_are_refused_before_they_take_memory()
    {
        using TemporaryFolder folder = new();
        byte[] nodes = [.. Enumerable.Repeat<byte[]>([0x0a, 0], 2_000_000).SelectMany(node => node)];
        using MemoryStream file = new();
        using CodedOutputStream output = new(file);
        output.WriteRawTag(0x3a);
        output.WriteBytes(ByteString.CopyFrom(nodes));
        output.Flush();
        Assert.Contains("parts", Assert.Throws<OccamException>(() => OnnxFiles.Read(file.ToArray(), folder)).Message);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_or_read_whole()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = OnnxFiles.Mlp().ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Exception? thrown = Record.Exception(() => OnnxFiles.Read(bytes[..length], folder));
            Assert.True(thrown is null or OccamException, thrown?.ToString());
        }
    }

    [Theory]
    [InlineData("missing.onnx")]
    [InlineData(".")]
    [InlineData("bad\0name")]
    [InlineData("")]
    public void A_path_without_a_file_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        Assert.Throws<OccamException>(() => OnnxReader.Read(name.Length == 0 ? "" : folder.File(name)));
    }

    private static void ReadExternal(TemporaryFolder folder, string location, long? offset, long? length)
    {
        ModelProto model = OnnxFiles.Mlp();
        model.Graph.Initializer.Single(tensor => tensor.Name == "b1").MakeExternal(location, offset, length);
        OnnxFiles.Read(model, folder);
    }

    private static void Spoil(GraphProto graph, ModelProto model, string what)
    {
        TensorProto weight = graph.Initializer.Single(tensor => tensor.Name == "w1");
        TensorShapeProto shape = graph.Input[0].Type.TensorType.Shape;
        Action spoil = what switch
        {
            "no graph" => () => model.Graph = null,
            "no nodes" => graph.Node.Clear,
            "no output" => graph.Output.Clear,
            "unknown output" => () => graph.Output[0].Name = "nowhere",
            "old operators" => () => model.OpsetImport[0].Version = 0,
            "no operator set" => () => model.OpsetImport[0].Domain = "com.example",
            "two inputs of one name" => () => graph.Input.Add(graph.Input[0]),
            "no input" => graph.Input.Clear,
            "missing value" => () => graph.Node[1].Input[0] = "missing",
            "value twice" => () => graph.Node[1].Output[0] = "h",
            "value is an initializer" => () => graph.Node[1].Output[0] = "w1",
            "cycle" => () => graph.Node[0].Input[0] = "a",
            "itself" => () => graph.Node[1].Input[0] = "a",
            "node without output" => graph.Node[1].Output.Clear,
            "initializer twice" => () => graph.Initializer.Add(weight),
            "negative size" => () => weight.Dims[0] = -4,
            "enormous sizes" => () => (weight.Dims[0], weight.Dims[1]) = (1L << 32, 1L << 32),
            "sizes beyond the data" => () => weight.Dims[0] = 1L << 40,
            "typed data too short" => () =>
            {
                weight.ClearRawData();
                weight.FloatData.Add(1);
            }
            ,
            "many dimensions" => () => weight.Dims.Add(Enumerable.Repeat(1L, 1000)),
            "strings" => () => weight.DataType = (int)TensorProto.Types.DataType.String,
            "enormous input" => () => shape.Dim[1].DimValue = long.MaxValue,
            "negative input" => () => shape.Dim[1].DimValue = -3,
            "branch" => () => graph.Node.Add(new NodeProto
            {
                OpType = "If",
                Name = "choose",
                Output = { "z" },
                Attribute =
            {
                new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = new GraphProto() },
            }
            }),
            "control characters" => () => graph.Node[0].Name = "two\nlines",
            "attribute twice" => () => graph.Node[0].Attribute.Add(graph.Node[0].Attribute[0]),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
        spoil();
    }
}
