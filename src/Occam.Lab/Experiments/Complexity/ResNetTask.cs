using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>
/// ResNet-18 on CIFAR-10, the set-up of most figures of Dherin et al. 2021 and 2022.
/// <para>
/// Stated: the network, the data, plain SGD without momentum, augmentation or schedule, the complexity of the logits on
/// training data. Chosen, for neither paper says: 512 fixed training points, evaluation mode, normalization by channel,
/// batch 256, learning rate 0.05, 100,000 steps, 5 seeds, He's initialization, a first convolution of 3×3. Below the
/// paper's scale the network is narrower, the images and the steps are fewer and the batch is smaller.
/// </para>
/// </summary>
internal static class ResNetTask
{
    /// <summary>The learning rate, where a figure says nothing else.</summary>
    public const double LearningRate = 0.05;

    private const int PaperWidth = 64;
    private const int PaperImages = 50_000;
    private const long PaperSteps = 100_000;

    // On one core, which does 100 GFLOP a second: 3 × 1.1 GFLOP for each of 512 images a step.
    private static readonly TimeSpan s_paperTraining = TimeSpan.FromDays(20);

    /// <summary>The data set.</summary>
    public static ImmutableArray<string> DataSets { get; } = ["cifar10"];

    /// <summary>The sizes at a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="share">The share of the laptop's steps that a figure of many trainings takes.</param>
    public static TaskSizes Sizes(ExperimentScale scale, double share = 1) => scale switch
    {
        ExperimentScale.Smoke => new(1, 64, 32, 16, 8, 12, 3, 2),
        ExperimentScale.Laptop => new(4, 500, 1_000, 128, 32, (long)(5_000 * share), 25, 3),
        _ => new(PaperWidth, PaperImages, 10_000, 512, 256, PaperSteps, 100, 5),
    };

    /// <summary>The size of a figure.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="conditions">Its conditions in words.</param>
    /// <param name="count">How many they are, each as often as a step of it takes longer than one of plain gradient descent.</param>
    /// <param name="share">The share of the laptop's steps that it takes.</param>
    public static ExperimentSize Size(ExperimentScale scale, string conditions, double count, double share = 1)
    {
        var sizes = Sizes(scale, share);
        return new ExperimentSize(
            $"{conditions}, ResNet-18 of width {sizes.Width}, {sizes.Images:N0} images, {sizes.Steps:N0} steps",
            sizes.Seeds,
            count * sizes.Seeds / 2 * (scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(1),
                ExperimentScale.Laptop => TimeSpan.FromSeconds(70 * share),
                _ => s_paperTraining,
            }));
    }

    /// <summary>The size at the paper's scale of a figure over the network's width.</summary>
    /// <param name="conditions">The widths in words.</param>
    /// <param name="widths">The widths, by whose squares the time goes.</param>
    /// <param name="seeds">Seeds.</param>
    public static ExperimentSize SizeOfWidths(string conditions, IEnumerable<int> widths, int seeds)
    {
        var sizes = Sizes(ExperimentScale.Paper);
        return new ExperimentSize(
            $"{conditions}, ResNet-18, {sizes.Images:N0} images, {sizes.Steps:N0} steps",
            seeds,
            widths.Sum(width => Math.Pow((double)width / PaperWidth, 2)) * seeds / 2 * s_paperTraining);
    }

    /// <summary>The set-up.</summary>
    /// <param name="context">What the figure is run with.</param>
    /// <param name="share">The share of the laptop's steps that it takes.</param>
    public static ComplexityTask Create(ExperimentContext context, double share = 1)
    {
        var sizes = Sizes(context.Scale, share);
        var training = context.OpenOr("cifar10:train", "glyphs:train").Subset(sizes.Images, 0);
        var test = context.OpenOr("cifar10:test", "glyphs:test").Subset(sizes.TestImages, 0);
        return new ComplexityTask
        {
            Network = $"ResNet-18 of width {sizes.Width}",
            Build = seed => Network(context, training, sizes.Width, seed),
            Training = training,
            Test = test,
            Points = training.Subset(sizes.Points, 1),
            ObservationCount = sizes.ObservationCount,
            Settings = sizes.Settings(context, LearningRate),
            Remarks = training.Count == PaperImages && sizes.Width == PaperWidth
                ? []
                : [$"The paper trains ResNet-18 of width {PaperWidth} on {PaperImages:N0} images; this one of width {sizes.Width} on "
                    + $"{training.Count:N0}, for {sizes.Steps:N0} steps."],
            Described =
            [
                new("network", $"ResNet-18, width {sizes.Width}", sizes.Width == PaperWidth ? Origin.Stated : Origin.Run),
                new("first convolution", "3×3, without pooling", Origin.Chosen),
                new("initial weights", "He’s normal, biases 0", Origin.Chosen),
                new("images", $"{training.Count:N0} to train, {test.Count:N0} to test", training.Count == PaperImages
                    ? Origin.Stated
                    : Origin.Run),
                new("normalization", training.Normalization?.ToString() ?? "none", Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(sizes.Points, training.Count)} fixed training images, in "
                    + "evaluation mode; it scales with the inverse square of the normalization", Origin.Chosen),
                new("loss", "cross-entropy", Origin.Stated),
                new("steps", sizes.Steps, sizes.Steps == PaperSteps ? Origin.Chosen : Origin.Run),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
        };
    }

    /// <summary>The learning rate and the batch of figures that vary neither.</summary>
    public static ImmutableArray<ExperimentSetting> Step(ExperimentScale scale) =>
    [
        new("learning rate", LearningRate, Origin.Chosen),
        new("batch", (long)Sizes(scale).Batch, Origin.Chosen),
    ];

    /// <summary>The network of a width and a seed.</summary>
    public static Network Network(ExperimentContext context, DataSet data, int width, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return ResNet18
            .Build(InitializationScheme.He, generator, width, data.Classes, [.. data.ExampleShape.Select(size => (long)size)])
            .To(ScalarType.Float32, context.Device);
    }
}
