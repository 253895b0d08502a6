using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class BuilderTests
{
    private static readonly InitializationScheme s_scheme = InitializationScheme.PyTorch;

    // 11 173 962 is what the common CIFAR ResNet-18 reports; width 1 is summed up stage by stage.
    [Theory]
    [InlineData(64, 11_173_962)]
    [InlineData(1, 29 + 44 + 148 + 552 + 2128 + 90)]
    public void ResNet18_has_the_known_number_of_parameters(long width, long parameters)
    {
        using Generator generator = new(1);
        Assert.Equal(parameters, ResNet18.Build(s_scheme, generator, width).ParameterCount);
    }

    [Fact]
    public void Vgg_has_the_parameters_of_its_layers()
    {
        using Generator generator = new(1);
        long[] channels = [3, 64, 64, 128, 128, 256, 256, 512, 512];
        long convolutions = Enumerable.Range(1, 8).Sum(i => (channels[i - 1] * channels[i] * 9) + (3 * channels[i]));
        Assert.Equal(convolutions + (513 * 512) + (513 * 10), Vgg.Build(s_scheme, generator).ParameterCount);
    }

    [Fact]
    public void The_identity_cnn_has_the_parameters_of_its_layers()
    {
        using Generator generator = new(1);
        Assert.Equal(
            3072 + (96 * 76) + (384 * ((96 * 25) + 1)) + (384 * 385) + 385,
            IdentityCnn.Build([3, 32, 32], s_scheme, generator).ParameterCount);
    }

    [Fact]
    public void Outputs_have_the_right_shape()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        AssertOutput(10, ResNet18.Build(s_scheme, generator, 2), [3, 32, 32]);
        AssertOutput(7, ResNet18.Build(s_scheme, generator, 1, 7, [1, 28, 28]), [1, 28, 28]);
        AssertOutput(10, Vgg.Build(s_scheme, generator, 0.05), [3, 32, 32]);
        AssertOutput(1, IdentityCnn.Build([1, 28, 28], s_scheme, generator, 4), [1, 28, 28]);
        AssertOutput(4, Mlp.Build([5, 6, 4], "tanh", s_scheme, generator), [5]);
    }

    [Fact]
    public void Shapes_that_the_builder_works_out_are_those_of_a_run()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        NetworkBuilder builder = new NetworkBuilder("n", [2, 11, 9], s_scheme, generator)
            .Convolution("c", 3, kernel: 4, stride: 2, padding: 1).MaxPool("m", 2, 1).AveragePool("a", 2, 2);
        Network network = builder.Build();
        Assert.Equal(network.Run(Tensor.Zeros([1, 2, 11, 9]), [network.Output])[network.Output].Shape[1..], builder.Here.Shape);
    }

    // Of 1, 2, 3 and 6 the mean is 3 and the variance 3.5, whatever shape they have.
    [Theory]
    [InlineData(4L)]
    [InlineData(1L, 2L, 2L)]
    public void Layer_normalization_takes_mean_and_variance_of_each_example_off(params long[] shape)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        Network network = new NetworkBuilder("n", shape, s_scheme, generator).LayerNorm("norm").Build();
        float[] outputs = network.Forward(Tensor.FromArray([1f, 2f, 3f, 6f, 30f, 60f, 10f, 20f], [2, .. shape])).ToArray<float>();

        Assert.Equal(8, network.ParameterCount);
        double[] expected = [.. new[] { -2, -1, 0, 3 }.Select(value => value / Math.Sqrt(3.5))];
        Assert.All(expected.Zip(outputs), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(new[] { 0, 3, -2, -1 }.Zip(outputs[4..]), pair => Assert.Equal(pair.First / Math.Sqrt(3.5), pair.Second, 1e-4));
    }

    [Fact]
    public void A_shift_is_an_identity_layer_with_a_trained_bias()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(3);
        Network shifted = Mlp.Build([4, 4, 3], "relu", s_scheme, generator, firstLayer: FirstLayer.Shift);
        Network identity = Mlp
            .Build([4, 4, 3], "relu", s_scheme, generator, firstLayer: FirstLayer.Identity)
            .WithInitializers(shifted.Graph.Initializers);
        Tensor x = Tensor.Randn([5, 4], generator);
        Assert.Equal(shifted.Forward(x).ToArray<float>(), identity.Forward(x).ToArray<float>());
        Assert.Equal(4 + 15, shifted.ParameterCount);
        Assert.Equal(20 + 15, identity.ParameterCount);
    }

    [Fact]
    public void Every_activation_runs_and_is_written()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        foreach (string activation in Activations.All)
        {
            using Generator generator = new(4);
            Network network = Mlp.Build([2, 3, 1], activation, s_scheme, generator);
            OnnxWriter.Write(network.Graph, folder.File("a.onnx"));
            Tensor x = Tensor.Randn([5, 2], generator);
            Assert.Equal(
                network.Forward(x).ToArray<float>(), new Network(OnnxReader.Read(folder.File("a.onnx"))).Forward(x).ToArray<float>());
        }
    }

    [Fact]
    public void A_seed_gives_the_same_network()
    {
        using Generator first = new(5);
        using Generator second = new(5);
        Assert.Equal(
            TestGraphs.Describe(ResNet18.Build(s_scheme, first, 2).Graph), TestGraphs.Describe(ResNet18.Build(s_scheme, second, 2).Graph));
    }

    [Theory]
    [InlineData("pytorch", 1.0 / (3 * 200), 1 / 14.1421357)]
    [InlineData("lecun", 1.0 / 200, 2 / 14.1421356 / 0.8796256)]
    [InlineData("glorot", 2.0 / 500, 0.1095446)]
    [InlineData("he", 2.0 / 200, double.PositiveInfinity)]
    public void Weights_start_with_the_stated_variance(string scheme, double variance, double limit)
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(6);
        Tensor weight = InitializationScheme.Parse(scheme).Weight([300, 200], 200, 300, generator);
        // 60,000 draws: the relative deviation of a normal's sample variance is √(2/60000) = 0.6 %.
        Assert.Equal(1, weight.Square().Mean().Item() / variance, 0.025);
        Assert.Equal(0, weight.Mean().Item(), 4 * Math.Sqrt(variance / 60_000));
        Assert.InRange(weight.Abs().AMax([0, 1]).Item(), 0, limit);
    }

    [Theory]
    [InlineData(5, 8)]
    [InlineData(8, 5)]
    public void Orthogonal_weights_have_orthonormal_rows_or_columns(long outputs, long inputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(2);
        var weight = Mlp.Build([
            inputs, outputs,
        ], "relu", InitializationScheme.Orthogonal, generator, type: ScalarType.Float64).Graph.Initializers["layer1.weight"];
        var product = outputs < inputs ? weight.MatMul(weight.T()) : weight.T().MatMul(weight);

        Assert.Equal(0, (product - Tensor.Eye(5, ScalarType.Float64)).Abs().Sum().Item(), 1e-13);
    }

    [Fact]
    public void What_makes_no_network_is_refused()
    {
        using Generator generator = new(7);
        Assert.Throws<OccamException>(() => Mlp.Build([3], "relu", s_scheme, generator));
        Assert.Throws<OccamException>(() => Mlp.Build([3, 0, 1], "relu", s_scheme, generator));
        Assert.Throws<OccamException>(() => Mlp.Build([3, 4, 1], "relu", s_scheme, generator, firstLayer: FirstLayer.Shift));
        Assert.Throws<OccamException>(() => Mlp.Build([3, 4, 1], "rellu", s_scheme, generator));
        Assert.Throws<OccamException>(() => IdentityCnn.Build([3, 8, 8], s_scheme, generator));
        Assert.Throws<OccamException>(() => InitializationScheme.Parse("henry"));
    }

    private static void AssertOutput(long outputs, Network network, long[] exampleShape)
    {
        using Generator generator = new(2);
        Assert.Equal([3, outputs], network.Forward(Tensor.Randn([3, .. exampleShape], generator)).Shape);
    }
}
