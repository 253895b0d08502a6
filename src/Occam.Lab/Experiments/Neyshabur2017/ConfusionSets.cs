using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-3: Figure 3 of Neyshabur et al. 2017, different minima of one training loss: VGG networks trained on the same images with
/// true labels and on a confusion set of others with random ones, which are led by it to minima that generalize worse. Stated: 10,000
/// images of CIFAR-10 and a varying number of random labels. The measures are of the training set without the confusion set.
/// </summary>
public sealed class ConfusionSets() : Experiment(
    "eg-3",
    "Norms tell minima that generalize from minima that don’t; sharpness doesn’t",
    Papers.Neyshabur2017,
    "Figure 3",
    ImageSets.Name)
{
    private const double HighestShown = 0.4;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("All networks are global minima on the training set: they make no mistake on it.", "§3, Figure 3, left"),
        new("The test error rises with the size of the confusion set.", "§3, Figure 3, left"),
        new("All four norms over the margin rise with the size of the confusion set.", "§3, Figure 3, middle"),
        new("Maximum sharpness doesn’t: it does not rise with the test error.", "§3, Figure 3, middle"),
        new("At a fixed expected sharpness of 0.05 the KL divergence rises with the size of the confusion set.", "§3, Figure 3, right"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var size = Sizes.At(scale);
        return new ExperimentSize(
            $"VGG at {size.Recipe.Width:G3} of its width, {CapacityFigure.Number(size.Images)} images and up to "
                + $"{CapacityFigure.Number(size.Confusion[^1])} with random labels, until the cross-entropy is "
                    + $"{size.Recipe.Training.LossBelow:G1} or {size.Recipe.Training.MostEpochs} epochs",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(25),
                _ => TimeSpan.FromDays(1)
            });
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var size = Sizes.At(context.Scale);
        var data = ImageSets.Open(context, "train", size.Images + size.Confusion[^1]);
        var test = new Evaluation("test", ImageSets.Open(context, "test", size.TestImages).Subset(size.TestImages, 0), Cadence.Ends);

        // The longest first, that none of them is left for the end alone.
        (int Confusion, int Seed)[] all =
            [.. from confusion in size.Confusion.Reverse() from seed in context.Seeds select (confusion, seed)];
        var trained = context.Replicate("training", all, (item, replica) =>
        {
            // Of one seed a smaller subset is the beginning of a larger one: what keeps its labels is the training set.
            var measured = data.Subset(size.Images, item.Seed);
            var training = item.Confusion == 0
                ? measured
                : ImageSets.WithRandomLabels(data.Subset(size.Images + item.Confusion, item.Seed), size.Images, item.Seed);
            var network = size.Recipe.Network(training, item.Seed, context.Device);
            return TrainedNetwork.Train(
                $"{CapacityFigure.Number(item.Confusion)} random labels", item.Confusion, item.Seed, random: false, network, training,
                measured, test, size.Recipe.Training, replica);
        });
        return Outcome(context, size, MeasuredTraining.All(context, trained, size.Sharpness));
    }

    private ExperimentOutcome Outcome(ExperimentContext context, Sizes size, ImmutableArray<MeasuredTraining> runs)
    {
        TrainedNetwork[] trained = [.. runs.Select(run => run.Trained)];
        SharpnessValues[] sharpness = [.. runs.Select(run => run.Sharpness)];
        var confusion = new Axis("random labels in the confusion set");
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "Networks learn the same images by heart, and beside them others with random labels. All fit the same training "
                + "set, and the more they had to remember beside it, the worse they read new images. A measure of complexity, taken on "
                    + "the training set alone, should tell.",
            Remarks =
            [
                .. size.Recipe.Width < 1
                    ? [$"The network has {size.Recipe.Width:P1} of the paper’s channels and no dropout, the training set "
                        + $"{CapacityFigure.Number(size.Images)} images in place of 10,000, the confusion sets as much smaller, and "
                            + $"trainings end at a cross-entropy of {size.Recipe.Training.LossBelow:G1} in place of 10⁻⁴."]
                    : Array.Empty<RichText>(),
                .. CapacityFigure.Unfitted(trained),
            ],
            Verdicts = [.. Verdicts(context.Scale, context.Seeds.Length, runs)],
            Panels =
            [
                new Section(
                    "Figure 3",
                    new SideBySide(
                        CapacityFigure.Errors(confusion, trained),
                        CapacityFigure.Measures("Measures", confusion, runs, norms => norms.OverMargin, sharpness: true),
                        CapacityFigure.BiCriteria(
                            "Sharpness and KL divergence", new ShadeScale("random labels"), HighestShown, sharpness))),
            ],
            Settings =
            [
                new("data", string.Join("; ", context.OpenedData), Origin.Run),
                new("training set", $"{CapacityFigure.Number(size.Images)} images with true labels, drawn for each seed",
                    size.Images == Sizes.PaperImages ? Origin.Stated : Origin.Run),
                new("confusion sets", $"{string.Join(", ", size.Confusion.Select(images => CapacityFigure.Number(images)))} other images "
                    + "with random labels, drawn once", size.Images == Sizes.PaperImages ? Origin.Chosen : Origin.Run),
                new("what the measures are of", "the training set, without the confusion set", Origin.Chosen),
                .. size.Recipe.Described(),
                .. size.Sharpness.Described,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                CapacityFigure.Trainings(trained), CapacityFigure.Norms(runs.Select(run => run.Norms)),
                .. CapacityFigure.Sharpness(sharpness),
            ],
        };
    }

    private IEnumerable<VerdictBlock> Verdicts(ExperimentScale scale, int seeds, ImmutableArray<MeasuredTraining> runs)
    {
        SeedGroup[] Of(Func<MeasuredTraining, double> quantity) => CapacityFigure.Groups(runs, quantity);
        yield return Judgement.Holds(
            Claims[0],
            runs.All(run => run.Trained.TrainingError == 0),
            $"{runs.Count(run => run.Trained.TrainingError == 0)} of {runs.Length} networks make no mistake on the training set",
            seeds,
            scale,
            new Fact("largest share of training errors", runs.Max(run => run.Trained.TrainingError)));
        yield return Judgement.Ordered(Claims[1], Trend.Rises, "share of test errors", Of(run => run.Trained.TestError), scale);
        yield return Judgement.Every(Claims[2],
        [
            .. NormValues.Names.Select((name, i) => (name,
                Judgement.Ordered(Claims[2], Trend.Rises, $"log₁₀ of the {name} over γ²", Of(run => run.Norms.OverMargin[i]), scale))),
        ]);
        yield return Judgement.Ordered(Claims[3], Trend.DoesNotRise, "maximum sharpness", Of(run => run.Sharpness.Max), scale);
        yield return Judgement.Ordered(Claims[4], Trend.Rises, "log₁₀ of the KL divergence", Of(run => run.Sharpness.LogKl), scale);
    }

    private sealed record Sizes(int Images, ImmutableArray<int> Confusion, int TestImages, VggTraining Recipe, SharpnessSettings Sharpness)
    {
        public const int PaperImages = 10_000;

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new(32, [0, 32], 100, VggTraining.Smoke, SharpnessSettings.Smoke),
            ExperimentScale.Laptop => new(2_000, [0, 250, 500, 1_000], 2_000, VggTraining.Laptop, SharpnessSettings.Laptop),
            _ => new(PaperImages, [0, 1_000, 2_000, 3_000, 4_000, 5_000], 10_000, VggTraining.Paper, SharpnessSettings.Paper),
        };
    }
}
