using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>ONNX files against ONNX Runtime, in float32.</summary>
public sealed class OnnxRuntimeTests(PyTorchExports exports) : IClassFixture<PyTorchExports>
{
    /// <summary>Exported as it trains: ONNX Runtime draws the dropout's mask, and Occam evaluates.</summary>
    private const string InTraining = "batch-norm-training";

    /// <summary>What ONNX Runtime (and for range, which takes NonZero, Occam) refuses to run in operator sets before 11.</summary>
    private static readonly string[] s_refusedBefore11 =
        ["average-pool-ceil-inside", "extremes", "full", "max-pool-ceil-pad", "range", "upsample-fraction"];

    public static TheoryData<string> Names => [.. Samples.Names];

    public static TheoryData<string> ActivationNames => [.. Activations.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operator_computes_what_ONNX_Runtime_computes(string name)
    {
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
        foreach (var name in exports.Names(opset).Where(name => name != InTraining && !(opset < 11 && s_refusedBefore11.Contains(name))))
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
