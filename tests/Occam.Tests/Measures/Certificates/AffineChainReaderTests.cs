using Occam.Measures;
using Occam.Measures.Certificates;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class AffineChainReaderTests
{
    [Fact]
    public void A_perceptron_is_its_stored_matrices()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron("gelu", 5, 7, 6, 3).To(ScalarType.Float32, Device.Cpu);
        var chain = Read(network, 5);
        Assert.Equal(0, chain.Computed);
        Assert.Equal(13, chain.Hidden);
        for (var layer = 0; layer < 3; layer++)
        {
            var stored = network.Graph.Initializers[$"layer{layer + 1}.weight"].To(ScalarType.Float64);
            Assert.Equal(stored.ToArray<double>(), chain.Weights[layer].ToArray<double>());
        }

        Assert.All(chain.Slopes, slopes => Assert.Equal(1, slopes.Low + slopes.High, 1e-14));
    }

    [Fact]
    public void Convolutions_and_what_follows_them_become_their_matrices()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(12);
        var network = Shaken(new NetworkBuilder("cnn", [2, 6, 6], InitializationScheme.PyTorch, generator, ScalarType.Float64)
            .Convolution("conv1", 3, 3, stride: 2, padding: 1).BatchNorm("bn1").Activation("act1", "tanh")
            .AveragePool("mean", 2, 1).Flatten("flat").Dense("fc1", 4).Dense("fc2", 3).Build());
        var chain = Read(network, 2, 6, 6);
        Assert.Equal(2, chain.Computed);
        Assert.Equal([27L, 72], chain.Weights[0].Shape);
        Assert.Equal([3L, 27], chain.Weights[1].Shape);

        // J(x) = W_1 diag(tanh′) W_0, against central differences.
        var data = Gaussian(1, 2, 2, 6, 6);
        var activation = network.Graph.Nodes.Single(node => node.OperatorType == "Tanh");
        var x = Tensor.FromArray(Example(data, 0), 1, 2, 6, 6);
        var y = network.Run(x, [activation.Outputs[0]])[activation.Outputs[0]].Reshape(27, 1);
        var jacobian = chain.Weights[1].MatMul(((y.Square() * -1) + 1) * chain.Weights[0]);
        var expected = Tensor.FromArray([.. NumericJacobian(network, Example(data, 0), [2, 6, 6]).Cast<double>()], 3, 72);
        Assert.InRange((jacobian - expected).Norm().Item(), 0, 1e-8);
    }

    [Fact]
    public void What_is_no_chain_is_told_with_its_node()
    {
        Assert.Contains("relua1", WhyNot(Residual(), 2, 6, 6));
        Assert.Contains("MaxPool", WhyNot(Cnn(), 2, 8, 8));
        var product = Graph(
            [2],
            [TestGraphs.Node("Relu", ["x"], ["a"]), TestGraphs.Node("Mul", ["a", "a"], ["y"])],
            ("type", Tensor.Zeros([1], ScalarType.Float64)));
        Assert.Contains("Mul", WhyNot(product, 2));
    }

    [Fact]
    public void Matrices_of_too_many_numbers_are_refused_before_they_are_made()
    {
        using Generator generator = new(1);
        var network = new NetworkBuilder("wide", [3, 64, 64], InitializationScheme.PyTorch, generator, ScalarType.Float32)
            .Convolution("conv", 16, 3, padding: 1).Activation("act", "relu").Flatten("flat").Dense("fc", 2).Build();
        Assert.Contains("8.05 × 10⁸ numbers", WhyNot(network, 3, 64, 64));
    }

    [Fact]
    public void Examples_that_a_graph_takes_in_fours_are_told_apart()
    {
        // 4 × 3 numbers as one row of twelve and back, so that no other number of examples fits.
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        var (first, second) = (Tensor.Randn([3, 5], generator, ScalarType.Float64), Tensor.Randn([5, 2], generator, ScalarType.Float64));
        var network = new Network(TestGraphs.Graph(
            [4, 3],
            [
                TestGraphs.Node("Reshape", ["x", "row"], ["r"]), TestGraphs.Node("Reshape", ["r", "four"], ["z"]),
                TestGraphs.Node("MatMul", ["z", "V"], ["a"]), TestGraphs.Node("Relu", ["a"], ["b"]),
                TestGraphs.Node("MatMul", ["b", "W"], ["y"]),
            ],
            ("row", Tensor.FromArray([1L, 12], 2)), ("four", Tensor.FromArray([4L, 3], 2)), ("V", first), ("W", second)));
        using TemporaryFolder folder = new();
        OnnxWriter.Write(network.Graph, folder.File("fours.onnx"));
        var loaded = NetworkLoader.Load(folder.File("fours.onnx"));
        Assert.Equal(4, loaded.FixedBatch);
        var (chain, why) = AffineChainReader.Read(new MeasureContext(Subject.Of(loaded), Gaussian(8, 2, 3)));
        Assert.Null(why);
        Assert.Equal(first.T().Contiguous().ToArray<double>(), chain!.Weights[0].ToArray<double>());
        Assert.Equal(second.T().Contiguous().ToArray<double>(), chain.Weights[1].ToArray<double>());
    }

    [Fact]
    public void A_network_without_activations_is_one_matrix()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Graph(
            [3],
            [
                TestGraphs.Node("Mul", ["x", "two"], ["a"]), TestGraphs.Node("Sub", ["c", "a"], ["b"]),
                TestGraphs.Node("Add", ["b", "x"], ["y"]),
            ],
            ("two", Tensor.Full([1], 2, ScalarType.Float64)), ("c", Tensor.Full([1], 5, ScalarType.Float64)));
        var chain = Read(network, 3);
        Assert.Equal((Tensor.Eye(3, ScalarType.Float64) * -1).ToArray<double>(), chain.Weights.Single().ToArray<double>());
    }

    private static AffineChain Read(Network network, params int[] shape)
    {
        var (chain, why) = AffineChainReader.Read(Context(network, Gaussian(2, 2, shape)));
        Assert.Null(why);
        return chain!;
    }

    private static string WhyNot(Network network, params int[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (chain, why) = AffineChainReader.Read(Context(network, Gaussian(2, 2, shape)));
        Assert.Null(chain);
        return why!;
    }
}
