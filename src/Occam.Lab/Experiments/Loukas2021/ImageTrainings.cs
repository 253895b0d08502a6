using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// The trainings of Task 2 that Figures 2, 3, 4 and 7 look at: every fraction of redrawn labels from every seed. Figures computed together
/// train once.
/// </summary>
internal static class ImageTrainings
{
    private static readonly TrainingMemory<ImmutableArray<TrajectoryRun>> s_memory = new();

    /// <summary>The sizes at a scale.</summary>
    public static (int Images, int TestImages, int Epochs, int Channels, int Seeds) Sizes(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => (40, 20, 4, 4, 2),
        ExperimentScale.Laptop => (500, 200, 150, 12, 4),
        _ => (ImageTrainingSet.PaperImages, 2_000, 100, 96, 8),
    };

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var (images, _, epochs, channels, seeds) = Sizes(scale);
        return new ExperimentSize(
            $"4 fractions, {epochs} epochs of {images:N0} images, {channels} and {4 * channels} channels",
            seeds,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(8),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(14),
                _ => TimeSpan.FromDays(2),
            });
    }

    /// <summary>What both tasks' trainings are at a scale.</summary>
    public static ExperimentSize WithCosines(ExperimentScale scale)
    {
        var (cosines, images) = (CosineTrainings.Size(scale), Size(scale));
        return new ExperimentSize(
            $"{cosines.Description}; {images.Description}", Math.Min(cosines.Seeds, images.Seeds), cosines.Estimate + images.Estimate);
    }

    /// <summary>Trains all.</summary>
    public static ImageTrainingSet Run(ExperimentContext context)
    {
        var (images, tests, epochs, channels, _) = Sizes(context.Scale);
        var (training, test) = (ImageTask.Pairs(context, "cifar10:train", images), ImageTask.Pairs(context, "cifar10:test", tests));
        (double Fraction, int Seed)[] all = [.. from fraction in ImageTask.Fractions from seed in context.Seeds select (fraction, seed)];
        var runs = s_memory.Get(context, () => context.Replicate("Task 2: training", all, (item, replica) => TrajectoryRun.Train(
            $"{100 * item.Fraction:0} % redrawn",
            item.Fraction,
            item.Seed,
            ImageTask
                .Network(item.Seed, [.. training.ExampleShape.Select(size => (long)size)], channels)
                .To(Occam.Torch.ScalarType.Float32, context.Device),
            training,
            test,
            ImageTask.Settings(context, item.Fraction, item.Seed, epochs),
            replica)));
        return new ImageTrainingSet(runs, training.Count, test.Count, epochs, channels, ImageTask.Decays(context));
    }
}
