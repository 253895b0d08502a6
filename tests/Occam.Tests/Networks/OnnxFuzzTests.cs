using Google.Protobuf;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Files spoiled at random: whatever is in them, they end in a message or in a network that runs.</summary>
public sealed class OnnxFuzzTests
{
    private const int Mutants = 700;
    private const long ElementLimit = 1 << 20;
    private const long MemoryLimit = 1L << 30;

    private static readonly long[] s_sizes =
        [long.MinValue, -(1L << 32), -3, -1, 0, 1, 2, 3, 7, 255, 65536, 1L << 31, (1L << 40) + 1, long.MaxValue];
    private static readonly float[] s_reals = [float.NaN, float.NegativeInfinity, -1, 0, 1e-40f, 0.5f, 1e30f, float.PositiveInfinity];

    [Theory]
    [InlineData("mlp", false)]
    [InlineData("mlp", true)]
    [InlineData("cnn", false)]
    [InlineData("cnn", true)]
    [InlineData("shapes", false)]
    [InlineData("shapes", true)]
    [InlineData("branches", false)]
    [InlineData("branches", true)]
    public void A_spoiled_model_is_refused_or_runs(string kind, bool byField)
    {
        using TemporaryFolder folder = new();
        byte[] model = Model(kind);
        long before = Environment.WorkingSet, elements = Limits.MostElements;
        int refused = 0;
        Limits.MostElements = ElementLimit;
        try
        {
            for (int seed = 0; seed < Mutants; seed++)
            {
                SeededRandom random = new(seed);
                byte[] mutant = byField ? SpoilFields(model, random) : SpoilBytes(model, random);
                Exception? thrown = Record.Exception(() => LoadAndRun(mutant, folder));
                Assert.True(thrown is null or OccamException or TorchException, $"mutant {seed}: {thrown}");
                refused += thrown is null ? 0 : 1;
                Assert.True(thrown is null || !thrown.Message.Contains('\n'), $"mutant {seed}: {thrown?.Message}");
                Assert.True(
                    Environment.WorkingSet - before < MemoryLimit, $"mutant {seed} takes {Environment.WorkingSet - before:N0} bytes");
            }
        }
        finally
        {
            Limits.MostElements = elements;
        }

        // Else it would test the first check of the reader only, or none.
        Assert.InRange(refused, Mutants / 4, Mutants * 49 / 50);
    }

    /// <summary>The file of a sound network.</summary>
    internal static byte[] Model(string kind) => kind switch
    {
        "mlp" => OnnxFiles.Bytes(Reshaped(TestGraphs.Mlp())),
        "cnn" => OnnxFiles.Bytes(Cnn()),
        "branches" => ControlFlowTests.Resolvable().ToByteArray(),
        _ => OnnxFiles.Bytes(Shapes()),
    };

    private static void LoadAndRun(byte[] mutant, TemporaryFolder folder)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        File.WriteAllBytes(folder.File("model.onnx"), mutant);
        LoadedNetwork loaded = NetworkLoader.Load(folder.File("model.onnx"));
        if (loaded.Function.ExampleShape is { IsDefault: false } shape && shape.All(size => size is <= 100))
        {
            loaded.Function.Forward(Tensor.Ones([2, .. shape.Select(size => size!.Value)]));
        }

        NetworkDescription.Of(loaded.Network!);
        NetworkChecks.NonFiniteParameters(loaded.Network!);
    }

    private static Graph Cnn()
    {
        using Generator generator = new(1);
        return new NetworkBuilder("cnn", [2, 9, 9], InitializationScheme.He, generator)
            .Convolution("conv", 4, kernel: 3, padding: 1).BatchNorm("bn").Activation("relu", "relu").MaxPool("max", 2, 2)
            .Dropout("dropout", 0.5).AveragePool("mean", 2, 2).Flatten("flatten").Dense("dense", 3).Activation("gelu", "gelu")
            .Build().Graph;
    }

    private static Graph Reshaped(Graph graph) => graph with
    {
        Nodes =
        [
            TestGraphs.Node("Unsqueeze", ["x", "one"], ["u"]),
            TestGraphs.Node("Reshape", ["u", "sizes"], ["r"]),
            .. graph.Nodes.Select(node => node with { Inputs = [.. node.Inputs.Select(name => name == "x" ? "r" : name)] }),
            TestGraphs.Node("Softmax", ["y"], ["p"], Attributes.Of(("axis", 1L))),
        ],
        Outputs = [new ValueInfo("p", ScalarType.Float32, default)],
        Initializers = graph.Initializers.Add("one", Integers(1)).Add("sizes", Integers(-1, 3)),
    };

    // What makes shapes out of numbers in the model: a spoiled number asks for a tensor of any size.
    private static Graph Shapes()
    {
        using Generator generator = new(2);
        return TestGraphs.Graph(
            [null, 2, 6, 6],
            [
                Node("ConvTranspose", ["x", "kernel"], ["up"], ("strides", new[] { 2L, 2L }), ("output_padding", new[] { 1L, 1L })),
                Node("Pad", ["up", "pads"], ["padded"]),
                Node("Slice", ["padded", "starts", "ends", "axes", "steps"], ["sliced"]),
                Node("Resize", ["sliced", "", "scales"], ["resized"], ("mode", "nearest"), (
                    "coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
                Node("Tile", ["resized", "repeats"], ["tiled"]),
                Node("Split", ["tiled", "parts"], ["first", "second"], ("axis", 1L)),
                Node("Concat", ["second", "first"], ["joined"], ("axis", 1L)),
                Node("Shape", ["joined"], ["shape"]),
                Node("ConstantOfShape", ["shape"], ["ones"], ("value", Tensor.FromArray(new[] { 1f }, 1))),
                Node("Expand", ["bias", "shape"], ["biases"]),
                Node("Mul", ["joined", "ones"], ["product"]),
                Node("Add", ["product", "biases"], ["sum"]),
                Node("Transpose", ["sum"], ["last"], ("perm", new[] { 0L, 2L, 3L, 1L })),
                Node("ReduceMean", ["last"], ["mean"], ("axes", new[] { 1L, 2L }), ("keepdims", 0L)),
                Node("Range", ["zero", "four", "unit"], ["range"]),
                Node("Gather", ["mean", "range"], ["gathered"], ("axis", 1L)),
                Node("Cast", ["gathered"], ["cast"], ("to", 1L)),
                Node("LayerNormalization", ["cast", "scale"], ["normal"], ("axis", -1L)),
                Node("Einsum", ["normal", "matrix"], ["y"], ("equation", "nc,dc->nd")),
            ],
            ("kernel", Tensor.Randn([2, 2, 3, 3], generator)),
            ("pads", Integers(0, 0, 1, 1, 0, 0, 1, 1)),
            ("starts", Integers(1, 1)),
            ("ends", Integers(long.MaxValue, 9)),
            ("axes", Integers(2, 3)),
            ("steps", Integers(2, 1)),
            ("scales", Tensor.FromArray(new[] { 1f, 1, 2, 1.5f }, 4)),
            ("repeats", Integers(1, 2, 1, 1)),
            ("parts", Integers(1, 3)),
            ("bias", Tensor.Randn([1, 4, 1, 1], generator)),
            ("zero", Tensor.FromArray(new[] { 0L })),
            ("four", Tensor.FromArray(new[] { 4L })),
            ("unit", Tensor.FromArray(new[] { 1L })),
            ("scale", Tensor.Randn([4], generator)),
            ("matrix", Tensor.Randn([3, 4], generator)));
    }

    private static Node Node(string type, string[] inputs, string[] outputs, params (string, object)[] attributes) =>
        TestGraphs.Node(type, inputs, outputs, Attributes.Of(attributes));

    private static Tensor Integers(params long[] numbers) => Tensor.FromArray(numbers, numbers.Length);

    private static byte[] SpoilBytes(byte[] model, SeededRandom random)
    {
        List<byte> bytes = [.. model];
        int changes = 1 + random.NextInt(2);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
        {
            int at = random.NextInt(bytes.Count), length = Math.Min(1 + random.NextInt(16), bytes.Count - at);
            switch (random.NextInt(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.NextInt(bytes.Count - length + 1), length));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)0xff, length));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The file with a field or two of its parts changed.</summary>
    internal static byte[] SpoilFields(byte[] bytes, SeededRandom random)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        GraphProto graph = model.Graph;
        int changes = 1 + random.NextInt(2);
        for (int i = 0; i < changes; i++)
        {
            NodeProto node = graph.Node[random.NextInt(graph.Node.Count)];
            TensorProto tensor = graph.Initializer[random.NextInt(graph.Initializer.Count)];
            switch (random.NextInt(9))
            {
                case 0 when node.Input.Count > 0:
                    node.Input[random.NextInt(node.Input.Count)] = AnyValue(graph, random);
                    break;
                case 1 when node.Input.Count > 0:
                    node.Input.RemoveAt(random.NextInt(node.Input.Count));
                    break;
                case 2:
                    node.OpType = graph.Node[random.NextInt(graph.Node.Count)].OpType;
                    break;
                case 3 or 4 when node.Attribute.Count > 0:
                    Spoil(node.Attribute[random.NextInt(node.Attribute.Count)], random);
                    break;
                case 5 when tensor.Dims.Count > 0:
                    tensor.Dims[random.NextInt(tensor.Dims.Count)] = s_sizes[random.NextInt(s_sizes.Length)];
                    break;
                case 6 when tensor.DataType == (int)TensorProto.Types.DataType.Int64:
                    tensor.ClearRawData();
                    tensor.Int64Data.Add(tensor.Dims.Aggregate(1L, (product, size) => product * size) is > 0 and < 100 and var count
                        ? Enumerable.Range(0, (int)count).Select(_ => s_sizes[random.NextInt(s_sizes.Length)])
                        : []);
                    break;
                case 7:
                    tensor.DataType = random.NextInt(18);
                    break;
                default:
                    graph.Input[0].Type.TensorType.Shape.Dim[random.NextInt(2)].DimValue = s_sizes[random.NextInt(s_sizes.Length)];
                    break;
            }
        }

        return model.ToByteArray();
    }

    private static string AnyValue(GraphProto graph, SeededRandom random)
    {
        string[] values =
            ["", "x", "input", .. graph.Node.SelectMany(node => node.Output), .. graph.Initializer.Select(tensor => tensor.Name)];
        return values[random.NextInt(values.Length)];
    }

    private static void Spoil(AttributeProto attribute, SeededRandom random)
    {
        long size = s_sizes[random.NextInt(s_sizes.Length)];
        switch (random.NextInt(5))
        {
            case 0 when attribute.Ints.Count > 0:
                attribute.Ints.RemoveAt(0);
                break;
            case 1:
                attribute.Type = (AttributeProto.Types.AttributeType)random.NextInt(9);
                break;
            case 2:
                attribute.Name = "other";
                break;
            case 3:
                attribute.Ints.Add(size);
                break;
            default:
                attribute.I = size;
                attribute.F = s_reals[random.NextInt(s_reals.Length)];
                if (attribute.Ints.Count > 0)
                {
                    attribute.Ints[random.NextInt(attribute.Ints.Count)] = size;
                }

                break;
        }
    }
}
