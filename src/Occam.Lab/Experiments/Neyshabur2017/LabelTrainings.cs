using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// The trainings of Figures 1 and 2: VGG networks on subsets of CIFAR-10 of growing size, with true and with random labels. Figures
/// computed together train once.
/// </summary>
internal sealed record LabelTrainings(ImmutableArray<int> Images, int TestImages, VggTraining Recipe, SharpnessSettings Sharpness)
{
    private const int PaperSeeds = 3;

    private static readonly TrainingMemory<ImmutableArray<TrainedNetwork>> s_memory = new();

    /// <summary>The trainings at a scale.</summary>
    public static LabelTrainings At(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new([32, 64], 100, VggTraining.Smoke, SharpnessSettings.Smoke),
        ExperimentScale.Laptop => new([500, 1_000, 2_000], 2_000, VggTraining.Laptop, SharpnessSettings.Laptop),
        _ => new([10_000, 20_000, 30_000, 40_000, 50_000], 10_000, VggTraining.Paper, SharpnessSettings.Paper),
    };

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var at = At(scale);
        return new ExperimentSize(
            $"{at.Recipe.Sized}, {CapacityFigure.Number(at.Images[0])} to {CapacityFigure.Number(at.Images[^1])} images, true and random "
                + $"labels, {at.Recipe.Training.End}",
            scale switch { ExperimentScale.Smoke => 2, ExperimentScale.Laptop => 5, _ => PaperSeeds },
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(8),
                _ => VggTraining.PaperTime(Enumerable.Repeat(at.Images, 2 * PaperSeeds).SelectMany(images => images)),
            });
    }

    /// <summary>Trains all, by size, true labels before random ones, by seed.</summary>
    public ImmutableArray<TrainedNetwork> Run(ExperimentContext context)
    {
        var data = ImageSets.Open(context, "train", Images[^1]);
        var test = new Evaluation("test", ImageSets.Open(context, "test", TestImages).Subset(TestImages, 0), Cadence.Ends);
        return s_memory.Get(context, () =>
        {
            // The longest first, that none of them is left for the end alone.
            (int Images, bool Random, int Seed)[] all = [.. from images in Images.Reverse()
                from random in new[] { true, false } from seed in context.Seeds select (images, random, seed)];
            var trained = context.Replicate("training", all, (item, replica) =>
            {
                var subset = data.Subset(item.Images, item.Seed);
                var training = item.Random ? ImageSets.WithRandomLabels(subset, item.Seed) : subset;
                var network = Recipe.Network(training, item.Seed, context.Device);
                return TrainedNetwork.Train(
                    $"{CapacityFigure.Number(item.Images)} {(item.Random ? "random" : "true")} labels", item.Images, item.Seed, item.Random,
                    network, training, training, test, Recipe.Training, replica);
            });
            return [.. trained.OrderBy(run => run.Level).ThenBy(run => run.Random).ThenBy(run => run.Seed)];
        });
    }

    /// <summary>All of it in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described(ExperimentContext context) =>
    [
        new("data", string.Join("; ", context.OpenedData), Origin.Run),
        new("training images", string.Join(", ", Images.Select(images => CapacityFigure.Number(images))), Recipe.Width == 1
            ? Origin.Stated
            : Origin.Run),
        new("subsets", "drawn for each seed, a smaller one the beginning of a larger one", Origin.Chosen),
        new("random labels", "drawn once, uniformly from all classes, for all images", Origin.Chosen),
        .. Recipe.Described(),
        .. Sharpness.Described,
        new("seeds", string.Join(", ", context.Seeds), Origin.Run),
    ];

    /// <summary>What the reader must know first.</summary>
    public IEnumerable<RichText> Remarks(IReadOnlyList<TrainedRun> trained) =>
    [
        .. Recipe.Remarks($"the training sets are {CapacityFigure.Number(Images[0])} to {CapacityFigure.Number(Images[^1])} images in "
            + $"place of {CapacityFigure.Number(10_000)} to {CapacityFigure.Number(50_000)}"),
        .. CapacityFigure.Unfitted(trained),
    ];
}
