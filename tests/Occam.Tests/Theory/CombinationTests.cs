using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Torch;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Lemma 2: the Lipschitz constant of a region whose activations are a combination of others'.</summary>
public sealed class CombinationTests
{
    // In the box around these points two quadrants are empty: both units on, which is the sum of the two patterns, and both off.
    private static readonly double[] s_points = [1, -1, -1, 1, -1, 1.5];

    [Fact]
    public void Both_sides_are_those_of_two_units_by_hand()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Lemma2().Check(new TheoryContext(TwoUnits(3, 5), Points([2], s_points)));
        AssertClose(Math.Sqrt((3 * 3) + (5 * 5)), result.Inequalities[0].Left, 1e-12);
        AssertClose(3 + 5, result.Inequalities[0].Right, 1e-9);
        Assert.Equal((2, 2), (result.Detail("regions"), result.Detail("regions.feasible")));
        Assert.Equal(InequalityVerdict.Holds, result.Verdict);
    }

    [Fact]
    public void After_a_sigmoid_its_slope_at_x_counts_and_that_at_the_training_points_does_not()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Lemma2().Check(new TheoryContext(TwoUnits(0.3, 0.5), Points([2], s_points), FinalActivation.Sigmoid));

        // The empty quadrant is [0, 1] × [0, 1.5], and its middle stands for it.
        var z = (0.3 * 0.5) + (0.5 * 0.75);
        var slope = 1 / (2 + Math.Exp(z) + Math.Exp(-z));
        AssertClose(slope * Math.Sqrt(0.09 + 0.25), result.Inequalities[0].Left, 1e-12);
        AssertClose(slope * 0.8, result.Inequalities[0].Right, 1e-9);
    }

    [Fact]
    public void A_steeper_snapshot_makes_the_bound_larger_by_its_part()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, steeper) = (TwoUnits(3, 5), TwoUnits(4.5, 7.5));
        var result = new Loukas2021Lemma2().Check(
            new TheoryContext(network, Points([2], s_points), run: EmptyRegionTests.Run(steeper, network)));
        AssertClose(1.5 * (3 + 5), result.Inequalities[0].Right, 1e-9);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(8, 6)]
    public void It_holds_in_every_empty_region_and_is_no_looser_than_Theorem_2(long width, long second)
    {
        using var scope = Libtorch.NewDisposeScope();
        long[] sizes = second == 1 ? [2, width, 1] : [2, width, second, 1];
        var context = new TheoryContext(Perceptron("relu", sizes), Gaussian(60, 2, 2), FinalActivation.Sigmoid);
        var (lemma, theorem) = (new Loukas2021Lemma2().Check(context), new Loukas2021Theorem2().Check(context));
        Assert.All(lemma.Inequalities, inequality => Assert.Equal(InequalityVerdict.Holds, inequality.Verdict));
        Assert.Equal(lemma.Detail("regions.feasible"), lemma.Detail("regions.holding"));
        Assert.Equal(theorem.Detail("regions.feasible"), lemma.Detail("regions.feasible"));
        Assert.InRange(lemma.Detail("looseness.median"), 1, theorem.Detail("looseness.median"));
    }

    [Fact]
    public void Where_Assumption_1_or_the_combination_fails_there_are_no_sides()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = TwoUnits(3, 5);
        var moved = network.With("layer1.bias", Tensor.Full([2], 1.25, ScalarType.Float64));
        Assert.Contains("Assumption 1 doesn't hold", new Loukas2021Lemma2().Check(
            new TheoryContext(network, Points([2], s_points), run: EmptyRegionTests.Run(moved, network))).NotApplicable);

        // Both units on or both off at the training points, and one of them in the empty quadrants.
        var result = new Loukas2021Lemma2().Check(new TheoryContext(network, Points([2], 1, 1, -1, -1, -1, -0.5)));
        Assert.Equal(InequalityVerdict.NotApplicable, Assert.Single(result.Inequalities).Verdict);
        Assert.Contains("in none of 2 empty regions", result.Inequalities[0].Why);
    }

    // ReLU(x₁) a + ReLU(x₂) b.
    private static Network TwoUnits(double a, double b)
    {
        using Generator generator = new(1);
        return Mlp.Build([2, 2, 1], "relu", InitializationScheme.He, generator, type: ScalarType.Float64)
            .With("layer1.weight", Tensor.Eye(2, ScalarType.Float64))
            .With("layer1.bias", Tensor.Zeros([2], ScalarType.Float64))
            .With("layer2.weight", Tensor.FromArray([a, b], 1, 2))
            .With("layer2.bias", Tensor.Zeros([1], ScalarType.Float64));
    }
}
