using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Schedules;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-t3: Theorem 3 of Loukas et al. 2021 on real trainings with ½-dropout, of which the paper shows none. Stated: SGD on one example a
/// step, binary cross-entropy, a sigmoid, dropout with ½ after the forward pass. Chosen: all else, on a plane, where λ_f is known exactly;
/// one hidden layer, for which the proof's Claim 1 holds. One training lets the learning rate decay, which the paper says makes Assumption
/// 1 hold; the other keeps it. Both end before the networks are very sure of anything: c grows with 1/(μ(1 − μ)).
/// </summary>
internal sealed class SteadyDropout() : Experiment<ImmutableArray<DropoutRun>>(
    "bth-t3",
    "Networks that are trained steadily with dropout have a bounded Lipschitz constant and a bounded error",
    Papers.Loukas2021,
    "Theorem 3")
{
    private const int Points = 200;
    private const int TestPoints = 1000;
    private const int Units = 8;
    private const double LearningRate = 0.02;
    private const double EndOfDecay = 1e-6;
    private const long DataStream = 1;

    private static readonly (string Name, double Level)[] s_trainings = [("rate decays", 0), ("rate stays", 1)];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<DropoutRun>>> JudgedClaims { get; } =
    [
        new("lipschitz-bounded", "The Lipschitz constant is at most λ_steady.", "§5.2, Theorem 3",
            runs => DropoutJudges.LipschitzIsBounded(runs)),
        new("error-bounded", "The errors on the training data and beyond them differ by no more than the bound of Theorem 3.",
            "§5.2, Theorem 3", runs => DropoutJudges.ErrorIsBounded(runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"{Points} points of a plane, {Units} hidden units, {Epochs(scale)} epochs, with a rate that decays and one that stays",
        scale == ExperimentScale.Smoke ? 1 : scale == ExperimentScale.Laptop ? 5 : 10,
        TimeSpan.FromSeconds(scale == ExperimentScale.Smoke ? 10 : scale == ExperimentScale.Laptop ? 30 : 60));

    /// <inheritdoc/>
    public override ImmutableArray<DropoutRun> Compute(ExperimentContext context)
    {
        (string Name, double Level, int Seed)[] all =
            [.. from training in s_trainings from seed in context.Seeds select (training.Name, training.Level, seed)];
        return context.Replicate(
            "training", all, (item, replica) => Train(item.Name, item.Level, item.Seed, Epochs(context.Scale), replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<DropoutRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        return new ExperimentFigure
        {
            Summary = "Perceptrons learn with dropout on which side of a line points of a plane lie. How far the first bias moves in a "
                + "step is to bound how steep the network is anywhere, and that how much worse it does on other points. What the theorem "
                + "asks for is measured; where it doesn’t hold, nothing is said.",
            Panels =
            [
                new Section(
                    "Both sides of Theorem 3",
                    new SideBySide(
                        Sides("Lipschitz constant", runs, ("λ_f", run => run.Lipschitz), ("λ_steady", run => run.Steady)),
                        Sides("Errors", runs, ("difference", run => run.Gap), ("bound", run => run.Bound))),
                    new Prose("A dot a training. Only trainings that meet the hypotheses are judged: " + Uncovered(runs))),
            ],
            Settings =
            [
                new("points", $"uniform in [−1, 1]², above or below z₁ + z₂ = 0, {Points} for training and {TestPoints} for the test",
                    Origin.Chosen),
                new("network", $"2 → {Units} → 1, ReLU", Origin.Chosen),
                new("dropout", "½, after the forward pass", Origin.Stated),
                new("loss", "binary cross-entropy after a sigmoid", Origin.Stated),
                new("optimizer", "SGD, one example a step, drawn with replacement", Origin.Stated),
                new("learning rate", $"{LearningRate}, which decays to {Numbers.Format(EndOfDecay)} of that or stays", Origin.Chosen),
                new("epochs", (long)Epochs(context.Scale), Origin.Chosen),
                new("after τ", "the last tenth of the steps", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "both sides of Theorem 3 in each training, and the hypotheses that don't hold", runs,
                    ("training", run => run.Group), ("seed", run => run.Seed), ("phi", run => run.Phi),
                    ("lipschitz", run => run.Lipschitz), ("lipschitz_steady", run => run.Steady),
                    ("training_error", run => run.TrainingError), ("test_error", run => run.TestError), ("bound", run => run.Bound),
                    ("broken", run => string.Join("; ", run.Broken))),
            ],
        };
    }

    private static string Uncovered(ImmutableArray<DropoutRun> runs) => runs.Where(run => !run.IsCovered).ToArray() switch
    {
        [] => "here all do.",
        var uncovered => $"{uncovered.Length} of {runs.Length} don’t ("
            + string.Join(", ", uncovered.Select(run => $"{run.Group}, seed {run.Seed}")) + ").",
    };

    private static Chart Sides(
        string title, ImmutableArray<DropoutRun> runs, params (string Name, Func<DropoutRun, double> Value)[] sides) =>
        new(title, new Axis("0 the rate decays, 1 it stays"), new Axis(title.ToLowerInvariant(), Scale.Log),
            [.. sides.Select(side => new Dots([.. runs.Select(run => run.Level)], [.. runs.Select(side.Value)]) { Name = side.Name })]);

    private static int Epochs(ExperimentScale scale) => scale == ExperimentScale.Smoke ? 10 : 100;

    private static DropoutRun Train(string name, double level, int seed, int epochs, Replica replica)
    {
        var random = new SeededRandom(seed, DataStream);
        var (training, test) = (Halves("training points", Points, random), Halves("test points", TestPoints, random));
        var settings = new TrainingSettings
        {
            Loss = new BinaryCrossEntropy(),
            Optimizer = new Sgd(LearningRate),
            Schedule = level == 0 ? new ExponentialSchedule(Math.Pow(EndOfDecay, 1.0 / epochs)) : new ConstantSchedule(),
            BatchSize = 1,
            Replacement = true,
            Epochs = epochs,
            Seed = seed,
            DropoutAfterForward = true,
            Trajectory = true,
        };
        using var generator = new Generator((ulong)seed);
        var network = Mlp.Build([2, Units, 1], "relu", InitializationScheme.He, generator, dropout: 0.5);
        using var trainer = new Trainer(network, training, settings);
        trainer.Stepped = _ => replica.Report((double)trainer.Step / trainer.Steps);
        var run = RecordedRun.Record(trainer, cancellation: replica.Cancellation);
        var context = new TheoryContext(trainer.Snapshot(), training, run: run, test: test);
        return DropoutRun.Of(name, level, seed, context);
    }

    private static DataSet Halves(string name, int count, SeededRandom random)
    {
        float[] z = [.. Enumerable.Range(0, 2 * count).Select(_ => (float)random.NextDouble(-1, 1))];
        return DataSet.FromArrays(name, [2], z, [.. z.Chunk(2).Select(point => point[0] + point[1] > 0 ? 1 : 0)]);
    }
}
