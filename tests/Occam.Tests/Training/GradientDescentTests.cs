using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Xunit;

namespace Occam.Tests.Training;

public sealed class GradientDescentTests
{
    [Fact]
    public void A_step_goes_down_the_gradient_that_finite_differences_give()
    {
        const double learningRate = 0.1;
        const double h = 1e-6;
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(3);
        var network = Mlp.Build([2, 5, 1], "tanh", InitializationScheme.PyTorch, generator, type: ScalarType.Float64);
        var x = Tensor.Randn([7, 2], generator, ScalarType.Float64);
        var y = Tensor.Randn([7, 1], generator, ScalarType.Float64);
        Tensor Loss(Tensor output) => (output - y).Square().Mean();

        using var descent = new GradientDescent(network, learningRate);
        var before = descent.Step(x, Loss);
        Assert.Equal(Loss(network.Forward(x)).Item(), before, 12);
        var after = descent.Network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray<double>());
        foreach (var parameter in network.Parameters)
        {
            var values = parameter.Value.ToArray<double>();
            for (var i = 0; i < values.Length; i++)
            {
                double LossWith(double value)
                {
                    var moved = (double[])values.Clone();
                    moved[i] = value;
                    return Loss(network.WithInitializers([KeyValuePair.Create(parameter.Name, Tensor.FromArray(moved, parameter.Value.Shape))]).Forward(x)).Item();
                }

                var slope = (LossWith(values[i] + h) - LossWith(values[i] - h)) / (2 * h);
                Assert.Equal(values[i] - (learningRate * slope), after[parameter.Name][i], 9);
            }
        }
    }

    [Fact]
    public void The_network_it_starts_from_is_left_alone()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(4);
        var network = Mlp.Build([1, 4, 1], "relu", InitializationScheme.LeCun, generator);
        var before = network.Parameters.SelectMany(parameter => parameter.Value.ToArray<float>()).ToArray();
        using var descent = new GradientDescent(network, 0.5);
        var x = Tensor.Ones([3, 1]);
        for (var step = 0; step < 5; step++)
        {
            descent.Step(x, output => (output - 1).Square().Mean());
        }

        Assert.Equal(5, descent.Steps);
        Assert.Equal(before, network.Parameters.SelectMany(parameter => parameter.Value.ToArray<float>()));
        Assert.NotEqual(before, descent.Network.Parameters.SelectMany(parameter => parameter.Value.ToArray<float>()));
    }
}
