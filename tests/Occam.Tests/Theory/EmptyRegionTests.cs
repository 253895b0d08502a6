using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

public sealed class EmptyRegionTests
{
    [Fact]
    public void A_linear_program_is_solved()
    {
        // min x + 2y + 4z with x + y + z = 2 and x − y = 1: x is cheapest, but carries y with it; z costs more.
        var x = LinearProgram.Solve([1, 2, 4], new double[,] { { 1, 1, 1 }, { 1, -1, 0 } }, [2, 1])!;
        Assert.Equal([1.5, 0.5, 0], x, (left, right) => Math.Abs(left - right) < 1e-12);
    }

    [Fact]
    public void An_infeasible_program_has_no_solution() =>
        Assert.Null(LinearProgram.Solve([1, 1], new double[,] { { 1, 1 }, { 1, 1 } }, [1, 2]));

    [Fact]
    public void A_negative_sum_of_positive_numbers_is_infeasible() => Assert.Null(LinearProgram.Solve([1], new double[,] { { 1 } }, [-1]));

    [Fact]
    public void A_training_points_own_region_costs_its_own_step()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(Perceptron("relu", 3, 5, 1), Gaussian(1, 2, 3));
        var bound = EmptyRegionBound.Of(context, out _)!;
        AssertClose(
            bound.Factor * FirstLayerGradients.Of(context).BiasSteps[0], Assert.Single(bound.At(context.Measures.Examples(0, 1))), 1e-12);
        AssertClose(FirstLayerGradients.Of(context).Layer.Largest, bound.Factor, 1e-12);
    }

    [Fact]
    public void The_bound_is_the_cheapest_combination_of_patterns()
    {
        // One hidden layer with the units x₁, x₂: the points (1, −1) and (−1, 1) have the patterns 10 and 01, whose sum is the pattern of
        // (1, 1).
        using var scope = Libtorch.NewDisposeScope();
        var context = new TheoryContext(TwoUnits(3, 5), Points([2], 1, -1, -1, 1));
        var bound = EmptyRegionBound.Of(context, out _)!;
        var bounds = bound.At(Tensor.FromArray([1.0, 1, -1, -1], 2, 2));
        AssertClose(3 + 5, bounds[0], 1e-12);
        Assert.Equal(0, bounds[1]);
        Assert.Equal((2, 2, 2), (bound.Columns, bound.Rows, bound.Rank));
    }

    [Fact]
    public void Where_no_training_point_turns_a_unit_on_the_theorem_says_nothing()
    {
        using var scope = Libtorch.NewDisposeScope();
        var bound = EmptyRegionBound.Of(new TheoryContext(TwoUnits(3, 5), Points([2], 1, -1)), out _)!;
        Assert.Equal(
            [3, double.PositiveInfinity, double.PositiveInfinity], bound.At(Tensor.FromArray([2.0, -3, -1, 1, 1, 1], 3, 2)),
            (left, right) => left == right || Math.Abs(left - right) < 1e-12);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(8, 6)]
    public void The_bound_holds_in_every_empty_region_of_the_datas_plane(long width, long second)
    {
        using var scope = Libtorch.NewDisposeScope();
        long[] sizes = second == 1 ? [2, width, 1] : [2, width, second, 1];
        var result = new Loukas2021Theorem2().Check(new TheoryContext(Perceptron("relu", sizes), Gaussian(60, 2, 2)));
        Assert.Equal(InequalityVerdict.Holds, Assert.Single(result.Inequalities).Verdict);
        Assert.Equal(result.Detail("regions.feasible"), result.Detail("regions.holding"));
        Assert.InRange(result.Detail("regions.feasible"), 2, result.Detail("regions"));
        Assert.True(result.Detail("looseness.median") >= 1);
    }

    [Fact]
    public void Rows_by_path_are_those_of_the_Kronecker_product()
    {
        SeededRandom random = new(2);
        bool[][][] columns = [.. Enumerable.Range(0, 7).Select(_ => (bool[][])[Bits(random, 5), Bits(random, 4), Bits(random, 3)])];
        var paths = PathActivations.Of(columns);
        var expected = new HashSet<string>();
        for (var path = 0; path < 60; path++)
        {
            var (i, j, k) = (path % 5, path / 5 % 4, path / 20);
            expected.Add(string.Concat(columns.Select(column => column[0][i] && column[1][j] && column[2][k] ? '1' : '0')));
        }

        expected.Remove("0000000");
        Assert.Equal(expected.Order(), paths.Rows()!
            .Select(row => string.Concat(Enumerable.Range(0, 7).Select(column => row[column] ? '1' : '0')))
            .Order());

        // A column's own pattern is that column.
        var own = paths.At(columns[3])!;
        Assert.All(own, row => Assert.Equal(row.Key[3], row.Value));
    }

    [Fact]
    public void A_snapshot_whose_patterns_differ_breaks_Assumption_1()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron("relu", 3, 5, 1), Gaussian(20, 2, 3));
        var moved = network.WithInitializers([KeyValuePair.Create("layer1.bias", network.Constant("layer1.bias")! + 2)]);
        Assert.Null(EmptyRegionBound.Of(new TheoryContext(network, data, run: Run(moved, network)), out var why));
        Assert.Contains("Assumption 1 doesn't hold", why);

        // And one whose last weights are larger by a half has the same patterns, and γ = ½.
        var steeper = network.WithInitializers([KeyValuePair.Create("layer2.weight", network.Constant("layer2.weight")! * 1.5)]);
        AssertClose(0.5, ConsistentLearning.Of(new TheoryContext(network, data, run: Run(steeper, network))).Gamma, 1e-9);
    }

    [Fact]
    public void Other_activations_and_ways_that_meet_are_not_applicable()
    {
        Assert.Contains(
            "LeakyRelu",
            new Loukas2021Theorem2().Check(new TheoryContext(Perceptron("leaky-relu", 3, 5, 1), Gaussian(9, 2, 3))).NotApplicable);
    }

    [Fact]
    public void Equations_that_follow_from_others_are_checked()
    {
        var reduction = new RowReduction([[1, 0, 1], [0, 1, 1], [1, 1, 2], [1, -1, 0]]);
        Assert.Equal(2, reduction.Independent.Count);
        Assert.NotNull(reduction.RightSide([1, 2, 3, -1]));
        Assert.Null(reduction.RightSide([1, 2, 3, 1]));
    }

    internal static RecordedRun Run(params Network[] snapshots) => new()
    {
        Windows = [],
        Settings = new TrainingSettings { Loss = new HalfSquaredError(), Optimizer = new Sgd(0.1) },
        Snapshots = [.. snapshots],
    };

    private static bool[] Bits(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(2) == 1)];

    // ReLU(x₁) a + ReLU(x₂) b.
    private static Network TwoUnits(double a, double b)
    {
        using Generator generator = new(1);
        return Mlp.Build([2, 2, 1], "relu", InitializationScheme.He, generator, type: ScalarType.Float64).WithInitializers(
        [
            KeyValuePair.Create("layer1.weight", Tensor.Eye(2, ScalarType.Float64)),
            KeyValuePair.Create("layer1.bias", Tensor.Zeros([2], ScalarType.Float64)),
            KeyValuePair.Create("layer2.weight", Tensor.FromArray([a, b], 1, 2)),
        ]);
    }
}
