using Occam.Derivatives;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures;

/// <summary>Perceptrons' Jacobians in one call, in float32, against those of the same weights in float64 row by row.</summary>
public sealed class DenseChainTests
{
    // Some hundreds of products in float32.
    private const double Rounding = 2e-6;

    public static TheoryData<string, long[]> Perceptrons => new()
    {
        { "relu", [20, 33, 17, 5] }, { "relu", [70, 33, 17, 5] }, { "relu", [40, 65, 40, 13] }, { "relu", [40, 20, 96, 31] },
        { "relu", [9, 50, 33, 12] }, { "leaky-relu", [20, 33, 5] }, { "tanh", [20, 33, 17, 40, 5] }, { "gelu", [20, 12, 60] },
    };

    [Theory]
    [MemberData(nameof(Perceptrons))]
    public void They_are_those_of_the_network(string activation, long[] sizes)
    {
        if (!Vectors.ArePossible)
        {
            return;
        }

        var (network, data) = (Perceptron(activation, sizes), Gaussian(37, 2, (int)sizes[0]));
        var single = network.To(ScalarType.Float32, Device.Cpu);
        Assert.NotNull(DenseChainJacobian.Of(single, sizes[0], sizes[^1], null, null));
        using var scope = Libtorch.NewDisposeScope();
        var wide = Context(single.To(ScalarType.Float64, Device.Cpu), data);
        var own = new MeasureContext(new Subject(single), data);
        var (J, x) = (wide.Jacobian.Matrix(wide.Examples(0, 37)), own.Examples(0, 37));

        AssertAll(J.Square().Sum([1, 2]), Tensor.FromArray(own.Jacobian.SquaredNorms(x), 37));
        AssertAll(J, own.Jacobian.Matrix(x).To(ScalarType.Float64));
        AssertAll(J.BatchMatMul(J.Transpose(1, 2)), own.Jacobian.Gram(x));
        AssertAll(J.SingularValues().AMax([1]), Tensor.FromArray(new LocalLipschitz().Measurement(own).PerExample.ToArray(), 37));
    }

    [Fact]
    public void An_example_is_the_same_in_any_batch_to_the_bit()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new MeasureContext(
            new Subject(Perceptron("relu", 30, 100, 50, 7), FinalActivation.None, ScalarType.Float32), Gaussian(90, 2, 30));
        var all = context.Jacobian.SquaredNorms(context.Examples(0, 90));
        Assert.Equal(all[40..45], context.Jacobian.SquaredNorms(context.Examples(40, 5)));
    }

    [Fact]
    public void Where_every_unit_is_dead_the_slope_is_zero()
    {
        var network = Perceptron("relu", 6, 9, 4);
        var dead = network.WithInitializers(
            [KeyValuePair.Create("layer1.bias", Tensor.Full([9], -100, ScalarType.Float64))]);
        var context = new MeasureContext(new Subject(dead, FinalActivation.None, ScalarType.Float32), Gaussian(5, 2, 6));
        Assert.Equal(0, new GeometricComplexity().Measurement(context).Value);
        Assert.Equal(0, new LocalLipschitz().Measurement(context).Value);
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Softmax")]
    public void What_bends_the_outputs_ends_the_chain(string type)
    {
        var chain = Perceptron("relu", 6, 9, 4).To(ScalarType.Float32, Device.Cpu);
        var bent = new Network(
            chain.Graph with { Nodes = chain.Graph.Nodes.Add(new Node("bent", type, "", [chain.Output], ["bent"], Attributes.None)) },
            "bent");
        Assert.Null(DenseChainJacobian.Of(bent, 6, 4, null, null));
    }

    private static void AssertAll(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Norm().Item() / expected.Norm().Item(), 0, Rounding);
    }
}
