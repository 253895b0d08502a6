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
/// Stated: the digits, the numbers of images, SGD, binary cross-entropy, learning rate 0.002, about 20,000 steps. From the
/// authors' code: the perceptron is 784 (identity with trained bias) → 512 → 1.
/// </para>
/// </summary>
public sealed class Architectures() : Experiment(
    "bth-8",
    "The architecture that suits the task has the shorter trajectory",
    Papers.Loukas2021,
    "Figure 8",
    "mnist")
{
    private const int Interval = 100;
    private const int Pixels = 784;
    private const double LearningRate = 0.002;

    private static readonly int[] s_each = [100, 1000];
    private static readonly (string Name, double Level)[] s_networks = [("CNN", 0), ("MLP", 1)];

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("With 100 images a class the convolutional network’s trajectory is shorter than the perceptron’s.", "App. A.5, Figure 8"),
        new("With 100 images a class the convolutional network overfits less.", "App. A.5, Figure 8"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (steps, tests, channels) = Sizes(scale);
        return new ExperimentSize(
            $"2 networks, 100 and 1,000 images a class, {steps:N0} steps, {tests} test images, {channels} and {4 * channels} channels",
            scale == ExperimentScale.Smoke ? 2 : scale == ExperimentScale.Laptop ? 3 : 8,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(15),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(8),
                _ => TimeSpan.FromHours(1)
            });
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var (steps, tests, channels) = Sizes(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train");
        var test = TwoClasses.Select(context.OpenOr("mnist:test", "glyphs:test"), 3, 6, tests);
        var sets = s_each.ToDictionary(each => each, each => TwoClasses.Select(training, 3, 6, 2 * each));
        (int Each, string Name, double Level, int Seed)[] all =
            [.. from each in s_each from network in s_networks from seed in context.Seeds select (each, network.Name, network.Level, seed)];
        var trained = context.Replicate("training", all, (item, replica) =>
        {
            var network = Network(item.Name, item.Seed, channels);
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
            return TrajectoryRun.Train(
                item.Name, item.Level, item.Seed, network.To(ScalarType.Float32, context.Device), sets[item.Each], test, settings, replica);
        });
        TrajectoryRun[] Of(int each) => [.. trained.Where((_, i) => all[i].Each == each)];
        var few = Of(s_each[0]);
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "A perceptron and a convolutional network learn to tell 3 from 6. Where examples are few both fit them, and the "
                + "way of the first bias tells which learned the simpler function.",
            Verdicts =
            [
                Judgement.Ordered(
                    Claims[0], Trend.Rises, "length of the whole trajectory", few.Values(run => run.TotalLengths[^1]), context.Scale),
                Judgement.Ordered(
                    Claims[1], Trend.Rises, "test loss at the end", few.Values(run => run.TestLoss.TakeLast(10).Average()), context.Scale),
            ],
            Panels =
            [
                .. s_each.Select(each => new Section(
                    $"{each} images a class",
                    new SideBySide(
                        TrajectoryFigure.Panel(
                            "Training loss", "step", new Axis("cross-entropy", Scale.Log), "network (0 convolutional, 1 perceptron)",
                            Of(each), run => run.TrainingLoss),
                        TrajectoryFigure.Panel(
                            "Bias trajectory in 100 steps", "step", new Axis("Σ ‖b₁(t+1) − b₁(t)‖ / (α ε)"),
                            "network (0 convolutional, 1 perceptron)", Of(each), run => run.FirstLengths),
                        TrajectoryFigure.Panel(
                            "Test loss", "step", new Axis("cross-entropy", Scale.Log), "network (0 convolutional, 1 perceptron)", Of(each),
                            run => run.TestLoss)))),
            ],
            Settings =
            [
                new("images", $"{s_each[0]} and {s_each[1]} of 3 and of 6, {test.Count} for the test", Origin.Stated),
                new("perceptron", "784 (identity with trained bias) → 512 → 1, ReLU", Origin.Code),
                new("convolutional network", $"that of Task 2 with {channels} and {4 * channels} channels", channels == 96
                    ? Origin.Stated
                    : Origin.Run),
                new("loss", "binary cross-entropy after a sigmoid", Origin.Stated),
                new("optimizer", "SGD, one example a step, drawn with replacement", Origin.Stated),
                new("learning rate", LearningRate, Origin.Stated),
                new("steps", (long)steps, Origin.Chosen),
                new("inputs", "normalized as is usual for the set", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables = [.. s_each.Select(each => TrajectoryFigure.Table($"images-{each}", Of(each)))],
        };
    }

    private static (int Steps, int TestImages, int Channels) Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => (300, 20, 8),
        ExperimentScale.Laptop => (20_000, 200, 48),
        _ => (25_000, 1_900, 96),
    };

    private static Network Network(string name, int seed, int channels)
    {
        using var generator = new Generator((ulong)seed);
        return name == "MLP"
            ? Mlp.Build([Pixels, Pixels, 512, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity)
            : IdentityCnn.Build([1, 28, 28], InitializationScheme.PyTorch, generator, channels);
    }
}
