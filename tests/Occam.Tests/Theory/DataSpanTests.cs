using Occam.Data;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Theory.Parts;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Trajectories;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Theory;

/// <summary>Theorem 1 with a first layer that isn't the identity, on data of a plane through the origin of R^10.</summary>
public sealed class DataSpanTests
{
    private const int Inputs = 10;

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(24)]
    public void Theorem_1_holds_with_a_random_first_layer_of_any_size(int units)
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data, directions) = Task(units);
        using var trainer = new Trainer(network, data, new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = new Sgd(0.01),
            BatchSize = 1,
            Epochs = 20,
            Frozen = ["layer1.weight"],
            Trajectory = true,
        });
        trainer.Run(TestContext.Current.CancellationToken);
        var result = new Loukas2021Theorem1().Check(new TheoryContext(trainer.Snapshot(), data, run: RecordedRun.Of(trainer)));
        Assert.Equal(InequalityVerdict.Holds, result.Verdict);
        foreach (var over in new[] { "one epoch:", "training:" })
        {
            Inequality Named(string part) => Assert.Single(result.Inequalities, inequality =>
                inequality.Name.StartsWith(over, StringComparison.Ordinal) && inequality.Name.Contains(part));
            Assert.True(Named("/σ₁ ≤ length").Slack > 0);
            var upper = Named("/σ_n");
            Assert.Equal(units > Inputs ? InequalityVerdict.Vacuous : InequalityVerdict.Holds, upper.Verdict);
            var suggested = Named("length ≤ Σ λ/min‖W₁x‖ over the data's 2 dimensions");
            Assert.Equal(units == 2, suggested.IsProved);

            // With 24 units it fails on this network, which is like any other.
            Assert.Equal(units < 24, suggested.Verdict == InequalityVerdict.Holds);

            // Where it follows, it is the weaker of the two.
            Assert.True(units > 2 || suggested.Right >= upper.Right);
        }

        // min ‖W₁x‖ on the unit circle of the plane, by trying it.
        var rows = network.Constant("layer1.weight")!.To(ScalarType.Float64).ToArray<double>().Chunk(Inputs).ToArray();
        double Image(double angle)
        {
            double[] x = [.. directions[0].Zip(directions[1], (u, v) => (Math.Cos(angle) * u) + (Math.Sin(angle) * v))];
            return Math.Sqrt(rows.Sum(row => Math.Pow(row.Zip(x, (w, part) => w * part).Sum(), 2)));
        }

        var tried = Enumerable.Range(0, 200_000).Min(i => Image(i * Math.PI / 200_000));
        var span = DataSpan.Of(network, data)!;
        Assert.Equal((2, Inputs, units), (span.Dimension, span.Inputs, span.Units));
        AssertClose(tried, span.Smallest, 1e-6);
        var window = trainer.Trajectory!.Windows[0];
        AssertClose(window.Lower * FirstWeights.Of(network)!.Largest / tried, span.Upper(window, FirstWeights.Of(network)!), 1e-6);
    }

    [Fact]
    public void With_fewer_units_than_the_span_has_dimensions_the_smallest_image_is_0()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data, _) = Task(1);
        Assert.Equal(0, DataSpan.Of(network, data)!.Smallest);
        var result = new Loukas2021Theorem1().Check(new TheoryContext(network, data));
        var suggested = Assert.Single(result.Inequalities, inequality => inequality.Name.Contains("min‖W₁x‖"));
        Assert.Equal(InequalityVerdict.Vacuous, suggested.Verdict);
        Assert.Contains("fewer units (1) than the data's span has dimensions (2)", suggested.Why);
    }

    [Fact]
    public void With_more_units_than_dimensions_the_suggestion_can_fail_and_the_theorem_still_holds()
    {
        // f = ReLU(x₁ − 10) + ReLU(x₂/8 + 1) on the first axis, where only the second unit is on: ∂f/∂b₁ = (0, 1) and λ = 1/8, while
        // ‖W₁x‖ = 1 on the axis.
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var network = Mlp.Build([2, 2, 1], "relu", InitializationScheme.He, generator, type: ScalarType.Float64).WithInitializers(
        [
            KeyValuePair.Create("layer1.weight", Tensor.FromArray([1.0, 0, 0, 0.125], 2, 2)),
            KeyValuePair.Create("layer1.bias", Tensor.FromArray([-10.0, 1], 2)),
            KeyValuePair.Create("layer2.weight", Tensor.Ones([1, 2], ScalarType.Float64)),
        ]);
        var result = new Loukas2021Theorem1().Check(new TheoryContext(network, Points([2], 1, 0, 2, 0)));
        var suggested = Assert.Single(result.Inequalities, inequality => !inequality.IsProved);
        Assert.Equal((2, 0.25, InequalityVerdict.Fails), (suggested.Left, suggested.Right, suggested.Verdict));
        Assert.Equal(InequalityVerdict.Holds, result.Verdict);
        Assert.Contains(result.Notes, note => note.Contains("may fail"));
    }

    [Fact]
    public void Data_that_span_everything_have_nothing_to_suggest() =>
        Assert.False(DataSpan.Of(Perceptron("relu", 3, 4, 1), Gaussian(20, 2, 3))!.IsProper);

    private static (Network Network, DataSet Data, double[][] Directions) Task(int units)
    {
        using Generator generator = new(31);
        var network = Mlp.Build([Inputs, units, 12, 1], "relu", InitializationScheme.He, generator);
        SeededRandom random = new(8);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
        double[] u = Draw(Inputs), v = Draw(Inputs);
        static double Product(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
        u = [.. u.Select(part => part / Math.Sqrt(Product(u, u)))];
        var overlap = Product(u, v);
        v = [.. v.Zip(u, (part, along) => part - (overlap * along))];
        v = [.. v.Select(part => part / Math.Sqrt(Product(v, v)))];
        var points = Enumerable.Range(0, 40).Select(_ => Draw(2)).ToArray();
        return (network, DataSet.FromArrays(
            "plane", [Inputs], [.. points.SelectMany(point => u.Zip(v, (a, b) => (point[0] * a) + (point[1] * b)))],
            targets: [.. points.Select(point => Math.Cos(2 * point[0]) + point[1])]), [u, v]);
    }
}
