using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Theory.Loukas2021;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Schedules;
using Occam.Training.Trajectories;
using Xunit;
using static Occam.Tests.Measures.Measuring;
using static Occam.Tests.Theory.HandPerceptron;

namespace Occam.Tests.Theory;

/// <summary>Corollaries 2 and 3 against a training that the test does itself, in float64, in plain arrays.</summary>
public sealed class CorollaryTests
{
    private const int Examples = 7;
    private const int Epochs = 4;
    private const double Rate = 0.05;
    private const double Fall = 0.5;

    // Multiples of 1/8, which single precision holds; the targets are far enough apart that a step's loss tells its example.
    private static readonly double[] s_inputs =
        [1, -0.5, 0.25, 0.5, 1.5, -1, -0.75, 0.125, 2, 1.25, 1, 0.5, -1, -1.5, 0.375, 0.25, 0.875, -0.625, 2, -1, 1];

    private static readonly double[] s_targets = [3, -2, 1.5, 0.25, -1, 4, -3.5];

    [Fact]
    public void The_sides_of_both_corollaries_are_those_of_a_training_by_hand()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, trainer, byHand) = Train();
        using (trainer)
        {
            var (largest, smallest) = SingularValues(new HandPerceptron(network).FirstWeights);
            var windows = trainer.Trajectory!.Windows;
            Assert.Equal(Epochs, windows.Count);
            var bound = 0.0;
            foreach (var (window, steps) in windows.Zip(byHand.Chunk(Examples)))
            {
                AssertClose(steps.Average(step => step.Rate * step.Lipschitz / (2 * largest)), window.Drift, 1e-10);
                AssertClose(Math.Sqrt(1 / steps.Average(step => 1 / (step.Epsilon * step.Epsilon))), window.HarmonicEpsilon, 1e-10);
                AssertClose(steps.Sum(step => step.Rate * step.Epsilon * step.Lipschitz / smallest), window.DistanceBound, 1e-10);
                AssertClose(steps.Sum(step => step.BiasStep), window.Lengths[0], 1e-10);
                AssertClose(steps.Max(step => step.BiasStep), window.Longest, 1e-10);

                // The biases themselves are recorded in single precision.
                double[] mean = [.. Enumerable.Range(0, 2).Select(i => steps.Average(step => step.Before[i]))];
                AssertClose(
                    steps.Average(step => Math.Pow(Norm(step.Before.Zip(mean, (b, m) => b - m)), 2)), window.Variance, 1e-4);
                AssertClose(Norm(steps[^1].After.Zip(byHand[0].Before, (b, start) => b - start)), window.Distance, 1e-4);
                bound += window.DistanceBound;
            }

            var context = new TheoryContext(trainer.Snapshot(), Data(), run: RecordedRun.Of(trainer));
            var last = byHand.Chunk(Examples).Last();
            var second = new Loukas2021Corollary2().Check(context).Inequalities[0];
            AssertClose(
                Math.Pow(last.Average(step => step.Rate * step.Lipschitz / (2 * largest)), 2)
                    / last.Average(step => 1 / (step.Epsilon * step.Epsilon)),
                second.Left, 1e-10);
            Assert.Equal(windows[^1].Variance, second.Right);
            var third = new Loukas2021Corollary3().Check(context).Inequalities[0];
            AssertClose(byHand.Sum(step => step.Rate * step.Epsilon * step.Lipschitz / smallest), third.Right, 1e-10);
            Assert.Equal(windows[^1].Distance, third.Left);
            Assert.Equal([InequalityVerdict.Holds, InequalityVerdict.Holds], new[] { second.Verdict, third.Verdict });
        }
    }

    [Fact]
    public void Corollary_1_is_the_longest_step_times_the_largest_singular_value()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, trainer, _) = Train();
        using (trainer)
        {
            var after = new HandPerceptron(trainer.Snapshot());
            var (largest, _) = SingularValues(after.FirstWeights);
            var points = s_inputs.Chunk(3).Select(x => after.At(x)).ToArray();
            var inequality = new Loukas2021Corollary1().Check(new TheoryContext(trainer.Snapshot(), Data())).Inequalities[0];
            AssertClose(points.Max(point => Norm(point.ByInput)), inequality.Left, 1e-10);
            AssertClose(largest * points.Max(point => Norm(point.ByBias)), inequality.Right, 1e-10);
        }
    }

    [Fact]
    public void A_record_that_says_otherwise_makes_each_corollary_fail()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (_, trainer, _) = Train();
        using (trainer)
        {
            var run = RecordedRun.Of(trainer);
            TheoremResult Check(Theorem theorem, Func<TrajectoryWindow, TrajectoryWindow> changed) => theorem.Check(new TheoryContext(
                trainer.Snapshot(), Data(), run: run with { Windows = [.. run.Windows.Select(changed)] }));

            // A bias that moved less than its variance's bound, and one that moved farther than its steps could take it.
            Assert.Equal(
                InequalityVerdict.Fails,
                Check(new Loukas2021Corollary2(), window => window with { Variance = 1e-3 * window.Variance }).Verdict);
            Assert.Equal(
                InequalityVerdict.Fails,
                Check(new Loukas2021Corollary3(), window => window with { Distance = 1e3 * window.Distance }).Verdict);
        }
    }

    private sealed record HandStep(
        double Rate, double Epsilon, double Lipschitz, double BiasStep, double[] Before, double[] After);

    private static DataSet Data() => DataSet.FromArrays("hand", [3], s_inputs, targets: s_targets);

    private static (Network Network, Trainer Trainer, HandStep[] Steps) Train()
    {
        using Generator generator = new(23);
        var network = Shaken(Mlp.Build([3, 2, 4, 1], "relu", InitializationScheme.He, generator, type: ScalarType.Float64));
        var trainer = new Trainer(network, Data(), new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = new Sgd(Rate),
            Schedule = new StepDecaySchedule(2, Fall),
            BatchSize = 1,
            Epochs = Epochs,
            Frozen = ["layer1.weight"],
            Trajectory = true,
        });
        var hand = new HandPerceptron(network);
        var steps = new List<HandStep>();
        trainer.Stepped = now =>
        {
            // Which example the step was on, its loss tells.
            double Loss(int i) => 0.5 * Math.Pow(hand.At(s_inputs[(3 * i)..(3 * (i + 1))]).Output - s_targets[i], 2);
            var i = Assert.Single(Enumerable.Range(0, Examples), i => Math.Abs(Loss(i) - now.Loss) < 1e-9);
            var x = s_inputs[(3 * i)..(3 * (i + 1))];
            var at = hand.At(x);
            var rate = Rate * Math.Pow(Fall, steps.Count / Examples / 2);
            var before = hand.FirstBias;
            hand.Step(x, rate, at.Output - s_targets[i]);
            steps.Add(
                new HandStep(rate, Math.Abs(at.Output - s_targets[i]), Norm(at.ByInput), Norm(at.ByBias), before, hand.FirstBias));
        };
        trainer.Run(TestContext.Current.CancellationToken);
        return (network, trainer, [.. steps]);
    }
}
