using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Rewrites;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Weights;

public sealed class LqPathNormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(2.5)]
    [InlineData(4)]
    [InlineData(16)]
    public void Without_biases_it_is_the_root_of_the_sum_over_all_paths_one_by_one(double q)
    {
        (Network Network, long[] Shape)[] networks =
        [
            (Perceptron("relu", 4, 3, 5, 2), [4]), (Residual(3, 2), [2, 3, 3]), (Pooled(), [2, 5, 5]),
        ];
        foreach (var (network, shape) in networks)
        {
            var sum = Unrolled.Sum(FoldBatchNorm.Apply(network).Network, shape, (w, _) => Math.Pow(Math.Abs(w), q));
            var found = Of(new LqPathNorm(q, Biases: false), network, shape);
            AssertClose(Math.Pow(sum, 1 / q), found.Value, 1e-11);
            AssertClose(Math.Log(sum) / q, found.Detail("ln"), 1e-11);
        }
    }

    [Fact]
    public void It_is_the_older_norms_for_one_and_two()
    {
        var network = Residual(3, 2);
        AssertClose(Of(new L1PathNorm(), network, [2, 3, 3]).Value!.Value, Of(new LqPathNorm(1, false), network, [2, 3, 3]).Value, 1e-12);
        AssertClose(
            Math.Sqrt(Of(new L2PathNorm(), network, [2, 3, 3]).Value!.Value), Of(new LqPathNorm(2, false), network, [2, 3, 3]).Value,
            1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3.5)]
    public void With_biases_it_is_the_network_of_powers_at_ones_where_nothing_is_pooled(double q)
    {
        // Of ReLU networks with |θ|^q in place of θ every unit is active, and its value is the sum over the paths to it.
        var network = Shaken(Unpooled());
        var powers = network.WithInitializers(
            network.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value.Abs().Pow(q))));
        var sum = powers.Forward(Tensor.Ones([1, 2, 4, 4], ScalarType.Float64)).Sum().Item();
        AssertClose(Math.Pow(sum, 1 / q), Of(new LqPathNorm(q), network, [2, 4, 4]).Value, 1e-12);
        Assert.True(Of(new LqPathNorm(q, false), network, [2, 4, 4]).Value < Math.Pow(sum, 1 / q) * 0.999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Of_the_deepest_residual_networks_it_has_a_logarithm(double q)
    {
        // Scaling every convolution of B blocks of two by c, without biases, scales a path through b of them by c^(2b): the logarithm of
        // the sum over b of binomial(B, b) (c^q s)^(2b) for convolutions of a single number s.
        const int Blocks = 300;
        const double Weight = 40;
        var network = Chain(Blocks, Weight);
        var found = Of(new LqPathNorm(q, false), network, [1, 1, 1]);
        Assert.Equal(double.PositiveInfinity, found.Value);
        AssertClose(Blocks * Math.Log(1 + Math.Pow(Weight, 2 * q)) / q, found.Detail("ln"), 1e-11);
        Assert.Contains(found.Notes, note => note.Contains("leaves the range"));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(65)]
    [InlineData(double.NaN)]
    public void What_is_no_q_is_refused(double q) => Assert.Contains("from 1 to 64", new LqPathNorm(q).Problem());

    private static MeasureResult Of(Measure measure, Network network, long[] shape) => Measure(
        measure, network, Gaussian(3, 2, [.. shape.Select(size => (int)size)]));

    private static NetworkBuilder Build(string name, long[] shape, Generator generator) =>
        new(name, shape, InitializationScheme.PyTorch, generator, ScalarType.Float64);

    private static Network Residual(int channels, int classes)
    {
        using Generator generator = new(3);
        var builder = Build("residual", [2, 3, 3], generator).Convolution("stem", channels, 2).BatchNorm("bn").Activation("relu", "relu");
        var start = builder.Here;
        return Shaken(builder.Convolution("a", channels, 3, padding: 1).BatchNorm("bna").Activation("relua", "relu")
            .Convolution("b", channels, 1).Add("add", start).Activation("relub", "relu")
            .GlobalAveragePool("pool").Flatten("flat").Dense("fc", classes).Build());
    }

    private static Network Pooled()
    {
        using Generator generator = new(4);
        return Build("pooled", [2, 5, 5], generator).Convolution("a", 2, 2).Activation("relu", "relu").MaxPool("max", 2, 1)
            .AveragePool("mean", 2, 1).Flatten("flat").Dense("fc", 2).Build();
    }

    private static Network Unpooled()
    {
        using Generator generator = new(5);
        var builder = Build("unpooled", [2, 4, 4], generator).Convolution("a", 3, 3, padding: 1).Activation("relu", "relu");
        var start = builder.Here;
        return builder.Convolution("b", 3, 3, padding: 1).Activation("relub", "relu").Add("add", start).Flatten("flat").Dense("fc", 2)
            .Build();
    }

    // x ↦ x + relu(w relu(w x)) so many times.
    private static Network Chain(int blocks, double weight)
    {
        using Generator generator = new(6);
        var builder = Build("chain", [1, 1, 1], generator);
        for (var block = 0; block < blocks; block++)
        {
            var start = builder.Here;
            builder.Convolution($"a{block}", 1, 1, bias: false).Activation($"relua{block}", "relu")
                .Convolution($"b{block}", 1, 1, bias: false).Activation($"relub{block}", "relu").Add($"add{block}", start);
        }

        var network = builder.Flatten("flat").Build();
        return network.WithInitializers(network.Parameters.Select(
            parameter => KeyValuePair.Create(parameter.Name, Tensor.OnesLike(parameter.Value) * weight)));
    }
}
