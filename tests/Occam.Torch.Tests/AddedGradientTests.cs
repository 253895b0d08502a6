using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Gradients that are added to what is there already, against those that are given all at once.</summary>
public sealed class AddedGradientTests
{
    [Fact]
    public void They_are_the_same_and_nothing_of_them_stays_behind()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(3);
        Tensor Leaf(params long[] shape) => Tensor.Randn(shape, generator, ScalarType.Float64).RequireGrad();
        Tensor[] leaves = [Leaf(4, 3), Leaf(3, 5), Leaf(5), Leaf(2)];
        Tensor Output() => (leaves[0].MatMul(leaves[1]).Tanh() + leaves[2]).MatMul(leaves[1].T());
        var cotangent = Tensor.Randn([4, 3], generator, ScalarType.Float64);
        var expected = Autograd.Grad([Output()], leaves, [cotangent]);
        Assert.Null(expected[3]);

        // There is something in each of the places.
        Tensor[] sums = [.. leaves.Select(leaf => Tensor.OnesLike(leaf).Detach())];
        var output = Output();
        Autograd.AddGradients([output], leaves, [cotangent], sums, retainGraph: true);
        Autograd.AddGradients([output], leaves, [cotangent * 2], sums);
        for (var i = 0; i < leaves.Length; i++)
        {
            double[] wanted = expected[i] is { } gradient
                ? [.. gradient.Reshape(-1).ToArray<double>().Select(number => 1 + (3 * number))]
                : [.. Enumerable.Repeat(1.0, 2)];
            Assert.All(wanted.Zip(sums[i].Reshape(-1).ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
        }

        // What has been lent is given back: another pass by others adds nothing to it.
        var before = sums[0].ToArray<double>();
        _ = Autograd.Grad([Output()], leaves, [cotangent]);
        Assert.Equal(before, sums[0].ToArray<double>());
        Assert.Throws<ArgumentException>(() => Autograd.AddGradients([Output()], leaves, [], sums));
    }
}
