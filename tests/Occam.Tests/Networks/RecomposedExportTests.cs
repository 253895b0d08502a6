using System.Runtime.InteropServices;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>What PyTorch exports for an old operator set, as it is loaded: found again, and the same function.</summary>
public sealed class RecomposedExportTests(RecomposedExportTests.Exports exports) : IClassFixture<RecomposedExportTests.Exports>
{
    [Theory]
    [InlineData("activations", "5 GELUs, 1 SiLU, 1 quick GELU, 1 softplus, 1 Mish and 2 hard swishes")]
    [InlineData("gpt", "5 layer normalizations, 2 attentions and 2 GELUs")]
    [InlineData("bert", "3 layer normalizations, 1 attention and 1 GELU")]
    [InlineData("llama", "3 RMS normalizations, 1 attention and 1 SiLU")]
    [InlineData("split", "1 attention")]
    [InlineData("encoder", "2 layer normalizations, 1 attention and 1 GELU")]
    public void What_PyTorch_takes_apart_is_found_and_computes_the_same(string name, string found)
    {
        Assert.SkipUnless(exports.Missing is null, exports.Missing ?? "");
        using var scope = Libtorch.NewDisposeScope();
        var loaded = NetworkLoader.Load(exports.File($"{name}.onnx"));
        Assert.Contains(loaded.Notes, note => Words(note).SetEquals(Words(found)));

        var shape = File.ReadAllText(exports.File($"{name}.shape")).Split(' ').Select(long.Parse).ToArray();
        foreach (var network in new[] { loaded.Network!, loaded.AsWritten! })
        {
            var wide = network.To(ScalarType.Float64, Device.Cpu);
            var x = Read(name, "x", shape).RequireGrad();
            var y = wide.Run(x, [wide.Output])[wide.Output];
            var weights = Tensor.Arange(0, y.Elements, 1, ScalarType.Float64).Cos().Reshape(y.Shape);
            Close.Equal(Read(name, "y", y.Shape), y, 2e-6);
            Close.Equal(Read(name, "g", shape), Autograd.Grad((weights * y).Sum(), x), 2e-6);
        }

        Assert.True(loaded.Network!.Graph.Nodes.Length < loaded.AsWritten!.Graph.Nodes.Length);
        Assert.Equal(loaded.AsWritten.ParameterCount, loaded.Network.ParameterCount);
    }

    /// <summary>A bound above every slope that is found, and the node and the reason where there is none.</summary>
    [Theory]
    [InlineData("gpt", true)]
    [InlineData("bert", true)]
    [InlineData("llama", true)]
    [InlineData("encoder", true)]
    [InlineData("split", false)]
    [InlineData("activations", false)]
    public void Transformers_have_a_Lipschitz_bound_where_normalizations_bound_what_attention_sees(string name, bool isBounded)
    {
        Assert.SkipUnless(exports.Missing is null, exports.Missing ?? "");
        using var scope = Libtorch.NewDisposeScope();
        var loaded = NetworkLoader.Load(exports.File($"{name}.onnx"));
        int[] shape = [.. File.ReadAllText(exports.File($"{name}.shape")).Split(' ').Skip(1).Select(int.Parse)];
        var context = new MeasureContext(Subject.Of(loaded, ScalarType.Float64), Measures.Measuring.Gaussian(4, 2, shape));
        var upper = new LipschitzUpper().Measurement(context);
        if (name == "split")
        {
            Assert.Contains("attention is not Lipschitz where its inputs can be of any size", upper.NotApplicable);
            return;
        }

        Assert.True(new LipschitzLower().Measurement(context).Value <= upper.Value);
        Assert.Equal(isBounded, upper.Notes.Any(note => note.Contains("attention: Kim", StringComparison.Ordinal)));
    }

    /// <summary>Training changes the weights of the graph as it was read, which any program reads.</summary>
    [Fact]
    public void A_trained_export_is_written_as_it_was_read()
    {
        Assert.SkipUnless(exports.Missing is null, exports.Missing ?? "");
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var network = NetworkLoader.Load(exports.File("activations.onnx")).AsWritten!;
        var data = Measures.Measuring.Gaussian(16, 6, 6);
        using var trainer = new Trainer(network, data, new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(0.01),
            BatchSize = 8,
            Epochs = 2,
        });
        trainer.Run(cancellation: TestContext.Current.CancellationToken);
        var trained = trainer.Snapshot();
        Assert.NotEqual(
            network.Parameters[0].Value.ToArray<float>(), trained.Parameters[0].Value.ToArray<float>());
        OnnxWriter.Write(trained.Graph, folder.File("trained.onnx"));
        var written = OnnxReader.Read(folder.File("trained.onnx"));
        Assert.Equal(network.Graph.Nodes.Select(node => node.OperatorType), written.Nodes.Select(node => node.OperatorType));
        OnnxRuntimePeer.Agrees(folder.File("trained.onnx"), Read("activations", "x", 4, 6));
        Assert.Contains(NetworkLoader.Load(folder.File("trained.onnx")).Notes, note => note.Contains("5 GELUs", StringComparison.Ordinal));
    }

    private static HashSet<string> Words(string note) =>
        [.. note.Split(" were put")[0].Split(" was put")[0].Split([", ", " and "], StringSplitOptions.None)];

    private Tensor Read(string name, string ending, params long[] shape)
    {
        var values = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(exports.File($"{name}.{ending}"))).ToArray();
        return Tensor.FromArray(values, shape);
    }

    /// <summary>The exports of <c>tests/peers/forms.py</c>, made once.</summary>
    public sealed class Exports : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Exports() => Missing = PyTorchPeer.Run("forms.py", _folder.Path);

        public string? Missing { get; }

        public string File(string name) => _folder.File(name);

        public void Dispose() => _folder.Dispose();
    }
}
