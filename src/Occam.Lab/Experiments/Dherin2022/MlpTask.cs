using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Networks.Builders;
using Occam.Torch;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// A ReLU perceptron on MNIST (Dherin et al. 2022, Figure 3, right, and SM C.4). Stated: the kind of network and the data.
/// Chosen: three hidden layers of 500 units as in Figure 2, its initialization, batch 256, learning rate 0.05, 20,000
/// steps, 512 training points for the complexity, 5 seeds. Below the paper's scale the layers are narrower, the images and
/// the steps fewer and the batch smaller.
/// </summary>
internal static class MlpTask
{
    private const double LearningRate = 0.05;
    private const int Layers = 3;
    private const int PaperImages = 60_000;

    /// <summary>The data set.</summary>
    public static ImmutableArray<string> DataSets { get; } = ["mnist"];

    /// <summary>The sizes at a scale.</summary>
    public static TaskSizes Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new(16, 100, 50, 20, 10, 30, 3, 2),
        ExperimentScale.Laptop => new(200, 2_000, 2_000, 256, 32, 6_000, 30, 3),
        _ => new(500, PaperImages, 10_000, 512, 256, 20_000, 100, 5),
    };

    /// <summary>The size of a figure of so many conditions.</summary>
    public static ExperimentSize Size(ExperimentScale scale, string conditions, double count)
    {
        var sizes = Sizes(scale);
        return new ExperimentSize(
            $"{conditions}, perceptron of {Layers} × {sizes.Width}, {sizes.Images:N0} images, {sizes.Steps:N0} steps of batch "
                + $"{sizes.Batch}",
            sizes.Seeds,
            count * sizes.Seeds / 2 * TimeSpan.FromSeconds(
                scale switch { ExperimentScale.Smoke => 0.2, ExperimentScale.Laptop => 5, _ => 400 }));
    }

    /// <summary>The set-up.</summary>
    public static ComplexityTask Create(ExperimentContext context)
    {
        var sizes = Sizes(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(sizes.Images, 0);
        var test = context.OpenOr("mnist:test", "glyphs:test").Subset(sizes.TestImages, 0);
        return new ComplexityTask
        {
            Network = $"A perceptron of {Layers} hidden layers of {sizes.Width} units",
            Build = seed =>
            {
                using var generator = new Generator((ulong)seed);
                return Mlp.Build(
                    [training.ExampleSize, .. Enumerable.Repeat((long)sizes.Width, Layers), training.Classes], "relu",
                    InitializationScheme.LeCun, generator).To(ScalarType.Float32, context.Device);
            },
            Training = training,
            Test = test,
            Points = training.Subset(sizes.Points, 1),
            ObservationCount = sizes.ObservationCount,
            Settings = sizes.Settings(context, LearningRate),
            Remarks = training.Count == PaperImages ? [] : [$"The paper trains on MNIST, whose {PaperImages:N0} images are here "
                + $"{training.Count:N0}; for {sizes.Steps:N0} steps of batch {sizes.Batch}."],
            Described =
            [
                new("network", $"perceptron, {Layers} hidden layers of {sizes.Width} units, ReLU", sizes.Width == 500
                    ? Origin.Chosen
                    : Origin.Run),
                new("initial weights", "truncated normal of variance 1/fan-in, biases 0", Origin.Chosen),
                new("images", $"{training.Count:N0} to train, {test.Count:N0} to test", training.Count == PaperImages
                    ? Origin.Stated
                    : Origin.Run),
                new("normalization", training.Normalization?.ToString() ?? "none", Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(sizes.Points, training.Count)} fixed training images; it "
                    + "scales with the inverse square of the normalization", Origin.Chosen),
                new("loss", "cross-entropy", Origin.Stated),
                new("learning rate", LearningRate, Origin.Chosen),
                new("batch", (long)sizes.Batch, Origin.Chosen),
                new("steps", sizes.Steps, Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
        };
    }
}
