using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// bth-8: Figure 8 of Loukas et al. 2021 (App. A.5), a perceptron against the convolutional network of Task 2 on MNIST's
/// 3 and 6, with 100 and with 1000 images of each, in intervals of 100 steps.
/// <para>
/// Stated: the digits, the numbers of images, SGD, binary cross-entropy, learning rate 0.002, about 20,000 steps; and that the
/// architectures are those of Tasks 1 and 2. From the authors' code, which departs from that: the perceptron is 784 (identity
/// with trained bias) → 512 → 1, where Task 1's has three hidden layers of 32 units. That one is an option.
/// </para>
/// </summary>
internal sealed class Architectures() : Experiment<ImmutableArray<ArchitectureRun>>(
    "bth-8",
    "The architecture that suits the task has the shorter trajectory",
    Papers.Loukas2021,
    "Figure 8",
    "mnist")
{
    private const int Interval = 100;
    private const int Few = 100;
    private const int Pixels = 784;
    private const double LearningRate = 0.002;
    private const string Source = "App. A.5, Figure 8";
    private const string Networks = "network (0 convolutional, 1 perceptron)";

    private static readonly int[] s_each = [Few, 1000];
    private static readonly (string Name, double Level)[] s_networks = [("CNN", 0), ("MLP", 1)];

    private static readonly ExperimentOption s_layers = new(
        "perceptron-layers", "hidden layers of the perceptron: 1 of 512 units as the authors' code has, or 3 of 32 as Task 1 has", 1);

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<ArchitectureRun>>> JudgedClaims { get; } =
    [
        new("both-fit", "With 100 images a class both networks fit the training data after roughly 20,000 steps.", Source,
            runs => ArchitectureJudges.BothFit(Of(runs, Few))),
        new("equally-well", "With 100 images a class they fit the training data equally well.", Source,
            runs => ArchitectureJudges.EquallyWell(Of(runs, Few))),
        new("cnn-shorter", "With 100 images a class the convolutional network’s trajectory is shorter than the perceptron’s.", Source,
            runs => ArchitectureJudges.Longer(Of(runs, Few))),
        new("cnn-overfits-less", "With 100 images a class the convolutional network overfits less.", Source,
            runs => ArchitectureJudges.OverfitsMore(Of(runs, Few))),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ExperimentOption> Options => [s_layers];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (steps, tests, channels) = Sizes(scale);
        return new ExperimentSize(
            $"2 networks, 100 and 1,000 images a class, {steps:N0} steps, {tests} test images, {channels} and {4 * channels} channels",
            scale == ExperimentScale.Smoke ? 2 : scale == ExperimentScale.Laptop ? 3 : 8,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(15),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(3),
                _ => TimeSpan.FromHours(1),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<ArchitectureRun> Compute(ExperimentContext context)
    {
        var (steps, tests, channels) = Sizes(context.Scale);
        var hidden = Hidden(context);
        var training = context.OpenOr("mnist:train", "glyphs:train");
        var test = TwoClasses.Select(context.OpenOr("mnist:test", "glyphs:test"), 3, 6, tests);
        var sets = s_each.ToDictionary(each => each, each => TwoClasses.Select(training, 3, 6, 2 * each));
        (int Each, string Name, double Level, int Seed)[] all =
            [.. from each in s_each from network in s_networks from seed in context.Seeds select (each, network.Name, network.Level, seed)];
        return context.Replicate("training", all, (item, replica) =>
        {
            var network = item.Name == "MLP" ? Perceptron(item.Seed, hidden) : Convolutional(item.Seed, channels);
            var settings = new TrainingSettings
            {
                Loss = new BinaryCrossEntropy(),
                Optimizer = new Sgd(LearningRate),
                BatchSize = 1,
                Replacement = true,
                Steps = steps,
                Seed = item.Seed,
                Frozen = item.Name == "MLP" ? ["layer1.weight"] : [],
                Trajectory = true,
                TrajectoryWindow = Interval,
            };
            return new ArchitectureRun(item.Each, TrajectoryRun.Train(
                item.Name, item.Level, item.Seed, network.To(ScalarType.Float32, context.Device), sets[item.Each], test, settings,
                replica));
        });
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<ArchitectureRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var (steps, tests, channels) = Sizes(context.Scale);
        var hidden = Hidden(context);
        return new ExperimentFigure
        {
            Summary = "A perceptron and a convolutional network learn to tell 3 from 6, with few examples and with more. The way of the "
                + "first bias is how far each had to go.",
            Panels = [.. s_each.Select(each => Row(each, Of(runs, each)))],
            Settings =
            [
                new("images", $"{s_each[0]} and {s_each[1]} of 3 and of 6", Origin.Stated),
                new("test images", $"at most {tests} of 3 and of 6", Origin.Chosen),
                new("perceptron", $"784 (identity with trained bias) → {string.Join(" → ", hidden)} → 1, ReLU",
                    hidden.Length == 1 ? Origin.Code : Origin.Stated),
                new("convolutional network", $"that of Task 2 with {channels} and {4 * channels} channels", channels == 96
                    ? Origin.Stated
                    : Origin.Run),
                new("loss", "binary cross-entropy after a sigmoid", Origin.Stated),
                new("optimizer", "SGD, one example a step, drawn with replacement", Origin.Stated),
                new("learning rate", LearningRate, Origin.Stated),
                new("steps", (long)steps, Origin.Chosen),
                new("inputs", "normalized as is usual for the set", Origin.Chosen),
                new("equally well", $"a difference of at most {ArchitectureJudges.Equally} of the best constant’s loss", Origin.Chosen),
                TrainingFit.Setting,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Remarks = hidden.Length > 1
                ? []
                : [$"The text has the architecture of Task 1, whose perceptron has three hidden layers of 32 units; the authors’ code, "
                    + $"which this follows, has one of {hidden[0]}. --set {s_layers.Name}=3 trains the text’s."],
            Tables =
            [
                .. s_each.Select(each => TrajectoryFigure.Table($"images-{each}", Of(runs, each))),
                .. s_each.Select(each => TrajectoryFigure.EndTable($"trainings-{each}", Of(runs, each))),
            ],
        };
    }

    private static TrajectoryRun[] Of(ImmutableArray<ArchitectureRun> runs, int each) =>
        [.. runs.Where(run => run.Each == each).Select(run => run.Training)];

    private static Section Row(int each, TrajectoryRun[] runs) => new(
        $"{each} images a class",
        new SideBySide(
            TrajectoryFigure.Panel(
                "Training loss", "step", new Axis("cross-entropy", Scale.Log), Networks, runs, run => run.TrainingLoss),
            TrajectoryFigure.Panel(
                "Bias trajectory in 100 steps", "step", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"), Networks, runs, run => run.FirstLengths),
            TrajectoryFigure.Panel("Test loss", "step", new Axis("cross-entropy", Scale.Log), Networks, runs, run => run.TestLoss)));

    private static long[] Hidden(ExperimentContext context) => context.Value(s_layers) switch
    {
        1 => [512],
        3 => [32, 32, 32],
        var other => throw new OccamException($"'--set {s_layers.Name}={Numbers.Format(other)}' can't be: 1 or 3 is needed"),
    };

    private static (int Steps, int TestImages, int Channels) Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => (300, 20, 8),
        ExperimentScale.Laptop => (20_000, 200, 48),
        _ => (25_000, 1_900, 96),
    };

    private static Network Perceptron(int seed, long[] hidden)
    {
        using var generator = new Generator((ulong)seed);
        return Mlp.Build(
            [Pixels, Pixels, .. hidden, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity);
    }

    private static Network Convolutional(int seed, int channels)
    {
        using var generator = new Generator((ulong)seed);
        return IdentityCnn.Build([1, 28, 28], InitializationScheme.PyTorch, generator, channels);
    }
}
