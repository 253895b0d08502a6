using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The trainings of gc-5 over the width of a network. At the paper's scale ResNet-18 on CIFAR-10; below it, where no laptop
/// trains enough of them, perceptrons of one hidden layer on 4,000 images of MNIST, as in Belkin et al. 2019 ("Reconciling
/// modern machine-learning practice and the classical bias–variance trade-off"), around the width n·K/(d + K) at which
/// there are as many parameters as numbers to fit.
/// </summary>
internal static class WidthTrainings
{
    /// <summary>The fraction of noisy labels.</summary>
    public const double Noise = 0.15;

    private const double LearningRate = 0.1;

    /// <summary>The widths.</summary>
    public static ImmutableArray<int> Widths(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => [2, 4, 8],
        ExperimentScale.Laptop => [1, 2, 4, 8, 12, 16, 24, 32, 50, 96, 160, 320, 640],
        _ => [1, 2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64],
    };

    /// <summary>The size of the figure.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var widths = Widths(scale);
        var words = $"{widths.Length} widths from {widths[0]} to {widths[^1]}";
        if (scale == ExperimentScale.Paper)
        {
            return ResNetTask.SizeOfWidths(words, widths, seeds: 3);
        }

        var sizes = Sizes(scale);
        return new ExperimentSize(
            $"{words}, perceptron of one hidden layer, {sizes.Images:N0} images, {sizes.Steps:N0} steps of batch {sizes.Batch}",
            sizes.Seeds,
            scale == ExperimentScale.Smoke ? TimeSpan.FromSeconds(3) : TimeSpan.FromMinutes(5));
    }

    /// <summary>The set-up, without its widths.</summary>
    public static ComplexityTask Task(ExperimentContext context)
    {
        if (context.Scale == ExperimentScale.Paper)
        {
            var resNet = ResNetTask.Create(context);
            return resNet with { Network = "ResNet-18", Described = [.. resNet.Described.Skip(1)] };
        }

        var sizes = Sizes(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(sizes.Images, 0);
        var test = context.OpenOr("mnist:test", "glyphs:test").Subset(sizes.TestImages, 0);
        var threshold = (double)training.Count * training.Classes / (training.ExampleSize + training.Classes);
        return new ComplexityTask
        {
            Network = "A perceptron of one hidden layer",
            Build = seed => Perceptron(context, training.ExampleSize, training.Classes, Widths(context.Scale)[0], seed),
            Training = training,
            Test = test,
            Points = training.Subset(sizes.Points, 1),
            ObservationCount = sizes.ObservationCount,
            Settings = sizes.Settings(context, LearningRate),
            Remarks =
            [
                "The paper varies the width of ResNet-18 on CIFAR-10; this the units of a perceptron’s hidden layer on "
                    + $"{training.Count:N0} images of MNIST, where the parameters are as many as the numbers to fit at a width of "
                        + $"{threshold:0}.",
            ],
            Described =
            [
                new("images", $"{training.Count:N0} of MNIST to train, {test.Count:N0} to test", Origin.Run),
                new("initial weights", "truncated normal of variance 1/fan-in, biases 0", Origin.Chosen),
                new("normalization", training.Normalization?.ToString() ?? "none", Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(sizes.Points, training.Count)} fixed training images",
                    Origin.Chosen),
                new("loss", "cross-entropy", Origin.Stated),
                new("steps", sizes.Steps, Origin.Run),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
        };
    }

    /// <summary>A training for each width, whose labels are noisy from the first step on.</summary>
    public static ImmutableArray<TrainingCondition> Conditions(ExperimentContext context, ComplexityTask task) =>
    [
        .. Widths(context.Scale).Select(
            width => new TrainingCondition($"width {width}", width, settings => settings with { LabelNoise = new LabelNoise(Noise) })
            {
                Build = seed => context.Scale == ExperimentScale.Paper
                    ? ResNetTask.Network(context, task.Training, width, seed)
                    : Perceptron(context, task.Training.ExampleSize, task.Training.Classes, width, seed),
            }),
    ];

    private static TaskSizes Sizes(ExperimentScale scale) => scale == ExperimentScale.Smoke
        ? new(0, 100, 50, 20, 10, 30, 3, 2)
        : new(0, 4_000, 2_000, 256, 64, 30_000, 20, 5);

    private static Network Perceptron(ExperimentContext context, int inputs, int classes, int width, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return Mlp.Build([inputs, width, classes], "relu", InitializationScheme.LeCun, generator).To(ScalarType.Float32, context.Device);
    }
}
