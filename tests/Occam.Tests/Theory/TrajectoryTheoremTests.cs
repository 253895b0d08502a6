using Occam.Data;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Tests.Theory;

public sealed class TrajectoryTheoremTests
{
    private static readonly string[] OnTrajectories =
        ["bth-lemma-1", "bth-theorem-1", "bth-corollary-1", "bth-corollary-2", "bth-corollary-3"];

    [Theory]
    [InlineData(FirstLayer.Identity)]
    [InlineData(FirstLayer.Shift)]
    [InlineData(FirstLayer.Dense)]
    public void Everything_holds_on_a_training_by_plain_gradient_descent(FirstLayer first)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Trained(first, new Sgd(0.01));
        foreach (var id in OnTrajectories)
        {
            var result = TheoremCatalogue.Find(id).Check(context);
            Assert.True(result.NotApplicable is null, $"{id}: {result.NotApplicable}");
            Assert.Equal(InequalityVerdict.Holds, result.Verdict);
            Assert.All(
                result.Inequalities,
                inequality => Assert.True(inequality.Verdict == InequalityVerdict.Holds || id == "bth-corollary-1", $"{id}: {inequality}"));
        }

        var corollary = new Loukas2021Corollary2().Check(context);
        Assert.Equal(corollary.Detail("windows"), corollary.Detail("windows.holding"));
        if (first != FirstLayer.Dense)
        {
            Assert.Contains(new Loukas2021Theorem1().Check(context).Inequalities, inequality => inequality.IsEquality
                && inequality.Name.StartsWith("training", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_training_without_a_step_has_nothing_to_hold_the_stored_biases_against()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Trained(FirstLayer.Identity, new Sgd(0.01), epochs: 0);
        Assert.Empty(context.Run!.Windows);
        Assert.DoesNotContain(new Loukas2021Theorem1().Check(context).Inequalities, inequality => inequality.Name.Contains("stored"));
    }

    [Fact]
    public void With_momentum_the_trajectory_is_there_and_its_bounds_are_not_applicable()
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = Trained(FirstLayer.Identity, new Sgd(0.01, Momentum: 0.5));
        Assert.Contains("plain SGD", new Loukas2021Corollary2().Check(context).NotApplicable);
        Assert.Contains("plain SGD", new Loukas2021Corollary3().Check(context).NotApplicable);
        var theorem = new Loukas2021Theorem1().Check(context);
        Assert.Contains(
            theorem.Inequalities, inequality => inequality.Verdict == InequalityVerdict.NotApplicable && double.IsNaN(inequality.Right));
        Assert.Contains(theorem.Hypotheses, hypothesis => hypothesis.Holds == false);
    }

    [Fact]
    public void Corollary_3_is_for_squared_losses_only() =>
        Assert.Contains("binary-cross-entropy", new Loukas2021Corollary3().Check(Classified(dropouts: 0, out _)).NotApplicable);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Theorem_3_needs_dropout_after_every_hidden_layer_and_says_so(int dropouts)
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Theorem3().Check(Classified(dropouts, out _));
        Assert.StartsWith("½-dropout", result.NotApplicable);
        Assert.Empty(result.Inequalities);
    }

    [Fact]
    public void Theorem_3_gives_its_covering_numbers_in_their_order_and_knows_that_it_is_vacuous()
    {
        using var scope = Libtorch.NewDisposeScope();
        var result = new Loukas2021Theorem3().Check(Classified(dropouts: 2, out var count));
        Assert.True(result.NotApplicable is null, result.NotApplicable);
        Assert.InRange(result.Detail("cover.packing"), 1, result.Detail("cover.greedy"));
        Assert.InRange(result.Detail("cover.greedy"), 1, count);
        Assert.True(result.Detail("cover.box") >= result.Detail("cover.packing"));
        Assert.True(result.Detail("lipschitz.steady") >= result.Detail("lipschitz.maximum"));
        Assert.All(result.Inequalities.Skip(2), inequality => Assert.True(inequality.Right < 1
            ? inequality.Verdict == InequalityVerdict.Holds
            : inequality.Verdict == InequalityVerdict.Vacuous, inequality.Name));
        Assert.Equal(InequalityVerdict.Vacuous, result.Inequalities[2].Verdict);
    }

    [Fact]
    public void Covering_numbers_of_points_on_a_line_are_counted()
    {
        // 0, 1, … 100 with balls of radius 2: greedily every third point; more than 4 apart every fifth.
        CoveringNumbers line = new([.. Enumerable.Range(0, 101).Select(i => new[] { (double)i, 0, 0 })]);
        Assert.Equal(34, line.GreedyCover(2));
        Assert.Equal(21, line.Packing(2));
        Assert.Equal(1, line.GreedyCover(200));
        Assert.Equal(50, line.Radius);
        Assert.Equal(25, line.Box(2));
    }

    [Fact]
    public void The_box_around_a_tilted_rectangle_is_filled_with_cubes()
    {
        // 4 × 2 along two orthonormal directions of R^4, and balls whose cubes have the edge 1.
        double[] u = [0.5, 0.5, 0.5, 0.5], v = [0.5, -0.5, 0.5, -0.5];
        CoveringNumbers rectangle = new([.. from i in Enumerable.Range(0, 9)
                                            from j in Enumerable.Range(0, 5)
                                            select u.Zip(v, (a, b) => 7 + (i * 0.5 * a) + (j * 0.5 * b)).ToArray()]);
        Assert.Equal(8, rectangle.Box(Math.Sqrt(0.5) + 1e-9));
        Assert.Equal(15, rectangle.Box(Math.Sqrt(0.5) - 1e-9));
        Assert.Equal(1, rectangle.Box(100));
        Assert.Equal(double.PositiveInfinity, rectangle.Box(0));
        Assert.True(rectangle.Packing(0.3) <= rectangle.Box(0.3));
    }

    [Fact]
    public void The_intrinsic_dimension_is_that_of_what_the_data_lie_on()
    {
        SeededRandom random = new(5);
        CoveringNumbers plane = new([.. Enumerable.Range(0, 2000)
            .Select(_ => (random.NextDouble(), random.NextDouble()))
            .Select(p => new[] { p.Item1, p.Item2, p.Item1 + p.Item2, 1, p.Item1 - p.Item2 })]);
        Assert.InRange(plane.IntrinsicDimension, 1.8, 2.2);
        CoveringNumbers doubles = new([[1], [1], [2], [2]]);
        Assert.True(double.IsNaN(doubles.IntrinsicDimension));
    }

    private static TheoryContext Trained(FirstLayer first, Optimizer optimizer, long epochs = 60)
    {
        using Generator generator = new(17);
        var network = Mlp.Build([5, 5, 16, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: first);
        SeededRandom random = new(3);
        double[] x = [.. Enumerable.Range(0, 5 * 40).Select(_ => random.NextGaussian())];
        var data = DataSet.FromArrays("wave", [5], x, targets: [.. x.Chunk(5).Select(row => Math.Cos(2 * row[0]) + row[1])]);
        using var trainer = new Trainer(network, data, new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = optimizer,
            BatchSize = 1,
            Epochs = epochs,
            Frozen = first == FirstLayer.Shift ? [] : ["layer1.weight"],
            Trajectory = true,
        });
        trainer.Run(TestContext.Current.CancellationToken);
        return new TheoryContext(trainer.Snapshot(), data, run: RecordedRun.Of(trainer));
    }

    private static TheoryContext Classified(int dropouts, out int count)
    {
        using Generator generator = new(18);
        var builder = new NetworkBuilder("classifier", [2], InitializationScheme.PyTorch, generator)
            .Shift("shift")
            .Activation("a0", "relu");
        builder = (dropouts > 1 ? builder.Dropout("drop0", 0.5) : builder).Dense("hidden", 6).Activation("a1", "relu");
        var network = (dropouts > 0 ? builder.Dropout("drop1", 0.5) : builder).Dense("last", 1).Build();
        count = 60;
        SeededRandom random = new(4);
        DataSet Draw(int size)
        {
            double[] x = [.. Enumerable.Range(0, 2 * size).Select(_ => random.NextDouble(-1, 1))];
            return DataSet.FromArrays("halves", [2], x, labels: [.. x.Chunk(2).Select(row => row[0] + row[1] > 0 ? 1 : 0)]);
        }

        // Every unit must be on somewhere.
        network = network.WithInitializers(
            [KeyValuePair.Create("hidden.bias", Tensor.Full([6], 0.7)), KeyValuePair.Create("shift.bias", Tensor.Full([2], 0.5))]);
        var (data, test) = (Draw(count), Draw(40));
        using var trainer = new Trainer(network, data, new TrainingSettings
        {
            Loss = new BinaryCrossEntropy(),
            Optimizer = new Sgd(0.001),
            BatchSize = 1,
            Epochs = 5,
            DropoutAfterForward = dropouts > 0,
            Trajectory = true,
        });
        trainer.Run(TestContext.Current.CancellationToken);
        return new TheoryContext(trainer.Snapshot(), data, run: RecordedRun.Of(trainer), test: test);
    }
}
