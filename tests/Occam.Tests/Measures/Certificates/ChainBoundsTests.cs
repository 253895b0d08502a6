using Occam.Measures.Certificates;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Measures.Certificates;

public sealed class ChainBoundsTests
{
    // What the barrier method and the proof add to the least value: a part of 10⁻⁷ of its square, and roundings.
    private const double Solved = 2e-7;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0.25)]
    [InlineData(0.1, 1)]
    [InlineData(-0.125, 1.125)]
    [InlineData(-1, 1)]
    public void From_one_number_to_one_over_one_layer_it_is_the_steepest_choice_of_slopes(double low, double high)
    {
        // f' = Σ v_j s_j w_j with s_j between the slopes: |m Σ v_j w_j| + r Σ |v_j w_j| at most, m the middle of them and r half of their
        // distance; minimized by hand, the program gives the same.
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Random(3, new Interval(low, high), 1, 7, 1);
        var products = (chain.Weights[0].Flatten() * chain.Weights[1].Flatten()).ToArray<double>();
        var expected = Math.Abs((low + high) / 2 * products.Sum()) + ((high - low) / 2 * products.Sum(Math.Abs));
        AssertClose(Chains.LargestOverPatterns(chain), expected, 1e-12);
        AssertAbove(expected, Chains.Bounds(chain)["lipsdpNeuron"]);
    }

    [Fact]
    public void Of_one_unit_a_layer_every_method_gives_the_product()
    {
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Of(
            new Interval(0, 1), Tensor.FromArray([3.0], 1, 1), Tensor.FromArray([-0.5], 1, 1), Tensor.FromArray([7.0], 1, 1));
        Assert.All(Chains.Bounds(chain).Values, bound => AssertAbove(10.5, bound));
    }

    [Fact]
    public void Where_units_are_apart_it_is_the_steepest_of_them()
    {
        // Two functions beside each other, 3·φ(2 x₁) and φ(5 x₂): the product of the norms is 15.
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Of(new Interval(0, 1), Tensor.FromArray([2.0, 0, 0, 5], 2, 2), Tensor.FromArray([3.0, 0, 0, 1], 2, 2));
        var bounds = Chains.Bounds(chain);
        AssertAbove(15, bounds["product"]);
        AssertAbove(6, bounds["lipsdpNeuron"]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.01, 1)]
    [InlineData(-0.125, 1.125)]
    [InlineData(-1, 1)]
    [InlineData(-3, 0)]
    [InlineData(1, 1)]
    public void Bounds_are_in_order_and_none_is_below_what_slopes_can_do(double low, double high)
    {
        foreach (var sizes in (long[][])[[4, 8, 3], [3, 5, 4, 2], [6, 2, 3, 5], [1, 3, 3, 3, 1], [9, 4, 4]])
        {
            using var scope = Libtorch.NewDisposeScope();
            var chain = Chains.Random((ulong)sizes.Sum(), new Interval(low, high), sizes);
            var (bounds, patterns) = (Chains.Bounds(chain), Chains.LargestOverPatterns(chain));
            const double Rounding = 1 + Solved;
            Assert.True(patterns <= bounds["lipsdpNeuron"], $"{string.Join(", ", sizes)}: {patterns} and {bounds["lipsdpNeuron"]}");
            Assert.True(bounds["lipsdpNeuron"] <= bounds["lipsdpLayer"] * Rounding);
            Assert.True(bounds["lipsdpLayer"] <= bounds["eclipseFast"] * Rounding);
            Assert.True(bounds["lipsdpNeuron"] <= bounds["product"] * Rounding);
        }
    }

    [Fact]
    public void What_is_affine_has_the_norm_of_the_matrix()
    {
        // Slopes between 1 and 1: no other function has them than x + c. They are told apart by a thousandth.
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Random(5, new Interval(1, 1), 4, 6, 3);
        var norm = Chains.Norm(chain.Weights[1].MatMul(chain.Weights[0]));
        Assert.InRange(Chains.Bounds(chain)["lipsdpNeuron"], norm, norm * 1.01);
        AssertAbove(Chains.Norm(chain.Weights[0]), Chains.Bounds(chain.Part(0, 1))["product"]);
    }

    [Fact]
    public void Scales_of_layers_and_units_that_do_nothing_change_no_bound()
    {
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Random(6, new Interval(0, 1), 4, 6, 3);
        var (first, second) = (chain.Weights[0], chain.Weights[1]);
        var bounds = Chains.Bounds(chain);
        var idle = Chains.Of(
            new Interval(0, 1),
            Tensor.Cat([first * 1e200, Tensor.Zeros([1, 4], ScalarType.Float64), Tensor.Ones([1, 4], ScalarType.Float64)], 0),
            Tensor.Cat([second * 1e-200, Tensor.Ones([3, 1], ScalarType.Float64), Tensor.Zeros([3, 1], ScalarType.Float64)], 1));
        Assert.All(Chains.Bounds(idle), bound => AssertClose(bounds[bound.Key], bound.Value, 1e-6));
        Assert.Equal(0, Chains.Bounds(Chains.Of(new Interval(0, 1), first, second * 0))["product"]);
        Assert.Equal(0, Chains.Bounds(Chains.Of(new Interval(0, 0), first, second))["product"]);
    }

    [Fact]
    public void Where_there_are_too_many_units_the_bounds_of_parts_are_multiplied()
    {
        using var scope = Libtorch.NewDisposeScope();
        var chain = Chains.Random(8, new Interval(0, 0.5), 5, 8, 8, 8, 3);
        var parts = Chains.Bounds(chain, 8);
        Assert.DoesNotContain("lipsdpNeuron", parts.Keys);
        AssertClose(
            0.5 * Chains.Bounds(chain.Part(0, 2))["lipsdpNeuron"] * Chains.Bounds(chain.Part(2, 4))["lipsdpNeuron"],
            parts["lipsdpSplit"],
            1e-12);
        Assert.True(Chains.Bounds(chain)["lipsdpNeuron"] <= parts["lipsdpSplit"]);
        Assert.True(parts["lipsdpSplit"] <= parts["product"]);
        var notes = ChainBounds.Of(chain, new(), 8).Notes;
        Assert.Contains(notes, note => note.Contains("24 multipliers") && note.Contains("most-neurons=8"));
    }

    // At or above a value, by no more than the method leaves.
    private static void AssertAbove(double expected, double bound) => Assert.InRange(bound, expected, expected * (1 + Solved));
}
