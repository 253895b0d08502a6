using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Trajectories;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Theory.DropoutRecords;
using static Occam.Tests.Theory.HandPerceptron;

namespace Occam.Tests.Theory;

/// <summary>Theorem 3 and Lemma 3 by hand, on a network small enough to enumerate what dropout can do to it.</summary>
public sealed class DropoutTheoremTests
{
    private const int Examples = 14;
    private const int Units = 5;

    [Fact]
    public void Every_number_of_Theorem_3_is_that_of_an_enumeration()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data, test) = (Network(), Halves(Examples, 4), Halves(9, 5));

        // At a vanishing learning rate the weights stay, and enough steps meet every example with every choice of units.
        using var trainer = new Trainer(
            network, data, Settings with { Optimizer = new Sgd(1e-30), Replacement = true, Steps = 6000, TrajectoryWindow = 6000 });
        var run = RecordedRun.Record(trainer, 2, TestContext.Current.CancellationToken);
        var result = new Loukas2021Theorem3().Check(Context(run, data, test));
        Assert.True(result.NotApplicable is null, result.NotApplicable);

        var hand = new HandPerceptron(network);
        var points = Measures.Measuring.Examples(data).Select(x => (X: x, At: hand.At(x))).ToArray();
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        static double Slope(double z) => Sigmoid(z) * Sigmoid(-z);
        var phi = points.Max(point => Enumerable.Range(0, 1 << Units).Max(mask =>
        {
            bool[] kept = [.. Enumerable.Range(0, Units).Select(unit => (mask >> unit & 1) == 1)];
            return Slope(point.At.Output) * Norm(hand.At(point.X, kept[..3], kept[3..]).ByBias);
        }));
        double[] shares =
        [
            .. Enumerable.Range(0, 3).Select(unit => points.Average(point => point.At.First[unit] ? 1.0 : 0)),
            .. Enumerable.Range(0, 2).Select(unit => points.Average(point => point.At.Second[unit] ? 1.0 : 0)),
        ];
        var mu = points.Min(point => Math.Min(Sigmoid(point.At.Output), Sigmoid(-point.At.Output)));
        var beta = SingularValues([.. Enumerable.Range(0, 2).Select(axis => hand.FirstWeights.Select(row => row[axis]).ToArray())]).Largest;
        var c = beta / (mu * (1 - mu) * shares.Min());
        var steady = c * phi * Math.Log(Units) / 4;
        AssertClose(phi, result.Detail("phi"), 1e-10);
        AssertClose(mu, result.Detail("mu"), 1e-10);
        AssertClose(shares.Min(), result.Detail("p.minimum"), 1e-12);
        AssertClose(shares.Average(), result.Detail("p.mean"), 1e-12);
        AssertClose(c, result.Detail("c"), 1e-10);
        AssertClose(steady, result.Detail("lipschitz.steady"), 1e-10);
        AssertClose(points.Min(point => Math.Abs(1 - (2 * Sigmoid(point.At.Output)))) / (c * phi * Math.Log(Units)),
            result.Detail("radius"), 1e-10);
        Assert.Equal(0, result.Detail("gamma"));
        Assert.Equal(6000, result.Detail("steps"));
        AssertClose(shares.Average() / (shares.Min() * shares.Min()) * Units, result.Detail("steps.stated"), 1e-12);

        // The k of the proof covers every unit but with probability δ; the next smaller k needn't.
        var k = result.Detail("lipschitz.proof") / (steady / Math.Log(Units) * shares.Min());
        double Missed(double count) => Units * Math.Exp(-count * shares.Min());
        Assert.InRange(Missed(k), 0, 0.05 + 1e-12);
        Assert.True(Missed(k - 1) > 0.05);

        // And what the proof would need of |T|, with the probability of failure where the failures are multiplied.
        var active = points.Select(point => point.At.First.Count(on => on) + point.At.Second.Count(on => on)).ToArray();
        var tries = Math.Log(20) * Math.Pow(2, (Math.Round(k) * active.Average()) + (active.Max() * Math.Sqrt(Math.Round(k) / 2)) + 1)
            / 0.95;
        AssertClose(Math.Log2(Math.Round(k) * tries), result.Detail("steps.proofLog2"), 1e-9);

        // λ_f in the box around the data, on a grid of it.
        double[] Axis(int axis) => [.. points.Select(point => point.X[axis])];
        var (left, right, bottom, top) = (Axis(0).Min(), Axis(0).Max(), Axis(1).Min(), Axis(1).Max());
        const int Grid = 120;
        var onGrid = Enumerable.Range(0, (Grid + 1) * (Grid + 1)).Max(i =>
        {
            var at = hand.At([left + ((right - left) * (i % (Grid + 1)) / Grid), bottom + ((top - bottom) * (i / (Grid + 1)) / Grid)]);
            return Slope(at.Output) * Norm(at.ByInput);
        });
        Assert.InRange(result.Detail("lipschitz.maximum"), onGrid * (1 - 1e-12), onGrid * 1.05);

        // The right side, and the left.
        double Wrong(Occam.Data.DataSet examples) =>
            Measures.Measuring.Examples(examples).Zip(examples.Labels!)
                .Average(pair => hand.At(pair.First).Output > 0 == pair.Second > 0 ? 0.0 : 1);
        var gap = Math.Abs(Wrong(data) - Wrong(test));
        foreach (var (part, cover) in new[] { ("greedy", "cover.greedy"), ("packing", "cover.packing"), ("box", "cover.box") })
        {
            var inequality = Assert.Single(result.Inequalities, inequality => inequality.Name.Contains($"{part}"));
            AssertClose(Math.Sqrt(((4 * Math.Log(2) * result.Detail(cover)) + (2 * Math.Log(20))) / Examples), inequality.Right, 1e-12);
            Assert.Equal(gap, inequality.Left, 1e-12);
            Assert.Equal(part == "box", inequality.IsProved);
        }

        Assert.Equal(InequalityVerdict.Holds, result.Inequalities[0].Verdict);
        Assert.Equal(InequalityVerdict.Holds, result.Inequalities[1].Verdict);
        Assert.InRange(result.Inequalities[1].Right, result.Inequalities[0].Right, double.PositiveInfinity);
        Assert.All(result.Hypotheses, hypothesis => Assert.True(hypothesis.Holds, $"{hypothesis}"));
    }

    [Fact]
    public void A_record_whose_steps_were_too_short_makes_the_bound_on_the_Lipschitz_constant_fail()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Network(), Halves(Examples, 4));
        var context = Context(Record(1e-6, 1000, network, network), data);
        foreach (var theorem in new Theorem[] { new Loukas2021Lemma3(), new Loukas2021Theorem3() })
        {
            var result = theorem.Check(context);
            Assert.Equal(InequalityVerdict.Fails, result.Verdict);
            Assert.Equal([InequalityVerdict.Fails, InequalityVerdict.Fails], result.Inequalities.Take(2).Select(side => side.Verdict));
        }
    }

    [Fact]
    public void With_one_hidden_unit_the_printed_bound_is_0_and_that_of_the_proof_is_not()
    {
        // f = σ(ReLU(x₁ + 3)): log Σ n_l = 0, which o(1) would have to make up for.
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var network = Occam.Networks.Builders.Mlp.Build(
            [2, 1, 1], "relu", Occam.Networks.Builders.InitializationScheme.He, generator, dropout: 0.5, type: ScalarType.Float64)
            .With("layer1.weight", Tensor.FromArray([1.0, 0], 1, 2))
            .With("layer1.bias", Tensor.FromArray([3.0], 1))
            .With("layer2.weight", Tensor.Ones([1, 1], ScalarType.Float64));
        var data = Halves(Examples, 4);
        var result = new Loukas2021Lemma3().Check(Context(Record(0.2, 10, network, network), data));
        Assert.Equal((0, InequalityVerdict.Fails, false), (result.Inequalities[0].Right, result.Inequalities[0].Verdict,
            result.Inequalities[0].IsProved));

        // k = ln 20 points, each of φ.
        var mu = Measures.Measuring.Examples(data).Min(x => 1 / (1 + Math.Exp(x[0] + 3)));
        AssertClose(Math.Ceiling(Math.Log(20)) * 0.25 / (mu * (1 - mu)) * 0.2, result.Inequalities[1].Right, 1e-10);
        Assert.Equal(InequalityVerdict.Holds, result.Verdict);
    }

    [Fact]
    public void Without_a_sigmoid_Lemma_3_has_another_constant_and_Theorem_3_says_nothing()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Network(), Halves(Examples, 4));
        var run = Record(10, 1000, network, network) with { Settings = Settings with { Loss = new HalfSquaredError() } };
        var context = new TheoryContext(network, data, run: run);
        var result = new Loukas2021Lemma3().Check(context);
        AssertClose(
            result.Detail("beta") / result.Detail("p.minimum") * Math.Log(Units) * 10, result.Detail("lipschitz.steady"), 1e-12);
        Assert.Equal(1, result.Detail("xi"));
        Assert.Contains("sigmoid", new Loukas2021Theorem3().Check(context).NotApplicable);
    }

    [Fact]
    public void Recording_a_training_keeps_networks_of_its_last_steps_and_changes_nothing_else()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Network(), Halves(Examples, 4));
        var settings = Settings with { Epochs = 40, TrajectoryWindow = 28 };
        using var alone = new Trainer(network, data, settings);
        alone.Run(TestContext.Current.CancellationToken);
        using var trainer = new Trainer(network, data, settings);
        var run = RecordedRun.Record(trainer, 5, TestContext.Current.CancellationToken);
        Assert.Equal(alone.Trajectory!.Windows.Select(window => window.Longest), run.Windows.Select(window => window.Longest));
        Assert.Equal(504, run.Last[0].From);
        Assert.Equal(5, run.Snapshots.Length);
        double[] Bias(Occam.Networks.Network of) => of.Constant("layer2.bias")!.ToArray<double>();
        Assert.Equal(Bias(alone.Snapshot()), Bias(run.Snapshots[^1]));

        // The first of them is the network before step 504.
        using var until = new Trainer(network, data, settings);
        until.Begin();
        while (until.Step < 504)
        {
            until.TakeStep();
        }

        Assert.Equal(Bias(until.Snapshot()), Bias(run.Snapshots[0]));
        Assert.NotEqual(Bias(until.Snapshot()), Bias(run.Snapshots[1]));
    }
}
