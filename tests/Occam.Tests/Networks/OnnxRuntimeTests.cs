using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>ONNX files against ONNX Runtime, in float32.</summary>
public sealed class OnnxRuntimeTests(PyTorchExports exports) : IClassFixture<PyTorchExports>
{
    /// <summary>Exported as it trains: ONNX Runtime draws the dropout's mask, and Occam evaluates.</summary>
    private const string InTraining = "batch-norm-training";

    /// <summary>An operator of the first sets, which PyTorch still writes there, and ONNX Runtime hasn't.</summary>
    private const string Retired = "ConstantFill";

    /// <summary>What ONNX Runtime refuses to run in operator sets before 11, and says so.</summary>
    private static readonly string[] s_refusedBefore11 =
        ["average-pool-ceil-inside", "extremes", "max-pool-ceil-pad", "upsample-fraction"];

    /// <summary>What ONNX Runtime has for GPUs alone.</summary>
    private static readonly string[] s_notOnTheCpu = ["com.microsoft.MultiHeadAttention packed"];

    /// <summary>What rewriting makes, and ONNX doesn't have.</summary>
    private const string NoOperatorOfOnnx = "ScaledDotProductAttention";

    public static TheoryData<string> Names => [.. Samples.Names.Where(name => name.Split(' ')[0] != NoOperatorOfOnnx)];

    public static TheoryData<string> ActivationNames => [.. Activations.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operator_computes_what_ONNX_Runtime_computes(string name)
    {
        Assert.SkipWhen(s_notOnTheCpu.Contains(name), "ONNX Runtime has it for GPUs alone");
        using var scope = Libtorch.NewDisposeScope();
        var node = Samples.Make(name);
        OnnxRuntimePeer.Agrees(node.Network, node.X);
    }

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void Perceptrons_compute_what_ONNX_Runtime_computes(string activation)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        OnnxRuntimePeer.Agrees(Mlp.Build([5, 16, 16, 4], activation, InitializationScheme.He, generator), Tensor.Randn([7, 5], generator));
    }

    [Fact]
    public void Built_convolutional_networks_compute_what_ONNX_Runtime_computes()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var images = Tensor.Randn([3, 3, 32, 32], generator);
        Network[] networks =
        [
            Vgg.Build(InitializationScheme.PyTorch, generator, 0.1),
            ResNet18.Build(InitializationScheme.PyTorch, generator, 4),
            IdentityCnn.Build([3, 32, 32], InitializationScheme.PyTorch, generator, 4),
        ];
        Assert.All(networks, network => OnnxRuntimePeer.Agrees(WithStatistics(network, generator), images));
    }

    [Fact]
    public void Networks_of_several_inputs_and_outputs_compute_what_ONNX_Runtime_computes()
    {
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        var path = folder.File("tokens.onnx");

        // Words by their numbers, a mask of them, and features of which whole numbers and truth values come out, too.
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo("features", ScalarType.Float32, [null, 5, 4]),
                Held = [new ValueInfo("ids", ScalarType.Int64, [null, 5]), new ValueInfo("mask", ScalarType.Bool, [null, 5, 1])],
                Outputs =
                [
                    new ValueInfo("logits", ScalarType.Float32, [null, 5, 3]), new ValueInfo("best", ScalarType.Int64, [null, 5]),
                    new ValueInfo("positive", ScalarType.Bool, [null, 5, 3]), new ValueInfo("mask", ScalarType.Bool, [null, 5, 1]),
                ],
                Nodes =
                [
                    TestGraphs.Node("Gather", ["table", "ids"], ["embedded"]),
                    TestGraphs.Node("Add", ["embedded", "features"], ["sum"]),
                    TestGraphs.Node("Where", ["mask", "sum", "none"], ["masked"]),
                    TestGraphs.Node("MatMul", ["masked", "w"], ["logits"]),
                    TestGraphs.Node("ArgMax", ["logits"], ["best"], Attributes.Of(("axis", -1L), ("keepdims", 0L))),
                    TestGraphs.Node("Greater", ["logits", "none"], ["positive"]),
                ],
                Initializers = new Dictionary<string, Tensor>
                {
                    ["table"] = Tensor.Randn([7, 4], generator),
                    ["w"] = Tensor.Randn([4, 3], generator),
                    ["none"] = Tensor.Zeros([1]),
                }.ToImmutableDictionary(),
            },
            path);

        OnnxRuntimePeer.Agrees(path, new Dictionary<string, NumberArray>
        {
            ["features"] = new(Tensor.Randn([2, 5, 4], generator).ToArray<float>(), 2, 5, 4),
            ["ids"] = new(new[] { 0L, 6, 3, 3, 1, 2, 4, 5, 0, 6 }, 2, 5),
            ["mask"] = new(new[] { true, true, true, false, false, true, true, true, true, true }, 2, 5, 1),
        });
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(16)]
    public void What_PyTorch_exports_computes_what_ONNX_Runtime_computes(int opset)
    {
        Assert.SkipUnless(exports.Missing is null, $"no PyTorch to export from: {exports.Missing}");
        List<string> failures = [];
        bool IsRun(string name) => name != InTraining && (opset >= OlderForms.Version
            || !(s_refusedBefore11.Contains(name)
                || File.ReadAllText(exports.File(name, opset)).Contains(Retired, StringComparison.Ordinal)));
        foreach (var name in exports.Names(opset).Where(IsRun))
        {
            using var scope = Libtorch.NewDisposeScope();
            if (Record.Exception(() => OnnxRuntimePeer.Agrees(exports.File(name, opset), exports.Input(name))) is { } e)
            {
                failures.Add($"{name}: {e.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    // Running statistics and scales as after a training.
    private static Network WithStatistics(Network network, Generator generator) => network.WithInitializers(network.Graph.Initializers
        .Where(pair => pair.Key.Contains("running") || pair.Key.Contains("bn"))
        .Select(pair => KeyValuePair.Create(pair.Key, Tensor.Rand(pair.Value.Shape, generator) + 0.5)));
}
