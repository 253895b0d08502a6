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
internal sealed class ConfusionSets() : Experiment<ImmutableArray<MeasuredTraining>>(
    "eg-3",
    "Norms tell minima that generalize from minima that don’t; sharpness doesn’t",
    Papers.Neyshabur2017,
    "Figure 3",
    ImageSets.Name)
{
    private const int PaperSeeds = 3;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<MeasuredTraining>>> JudgedClaims { get; } =
    [
        new("global-minima", "All networks are global minima on the training set: they make no mistake on it.", "§3, Figure 3, left",
            AreMinima),
        new("test-error-rises", "The test error rises with the size of the confusion set.", "§3, Figure 3, left",
            runs => Fitted(runs, Judge.Rises("share of test errors", runs.Values(run => run.Trained.TestError)))),
        new("norms-rise", "All four norms over the margin rise with the size of the confusion set.", "§3, Figure 3, middle",
            runs => Fitted(runs, Judge.All(
            [
                .. NormValues.Names.Select((name, norm) => (
                    name, Judge.Rises($"log₁₀ of the {name} over γ²", runs.Values(run => run.Norms.OverMargin(norm))))),
            ]))),
        new("max-sharpness-does-not-rise", "Maximum sharpness doesn’t: it does not rise with the size of the confusion set.",
            "§3, Figure 3, middle",
            runs => Fitted(runs, Judge.DoesNotRise("maximum sharpness", runs.Values(run => run.Sharpness.Max)))),
        new("kl-rises",
            "The curves of expected sharpness and KL divergence rise with the size of the confusion set: at every level of sharpness the "
                + "divergence does.",
            "§3, Figure 3, right", runs => Fitted(runs, Judge.All(
            [
                .. SharpnessValues.Levels.Select(level => (
                    $"at a sharpness of {Numbers.Format(level)}",
                    Judge.Rises("log₁₀ of the KL divergence", runs.Values(run => run.Sharpness.LogKl(level))))),
            ]))),
        new("kl-goes-with-test-error",
            "For a fixed expected sharpness, networks that have higher generalization error have higher norms: the KL divergence at "
                + "0.05 and the test error go together.",
            "§3", runs => Fitted(runs, Judge.GoTogether(
                "the KL divergence at an expected sharpness of 0.05", "the test error",
                [.. runs.Select(run => (run.Seed, run.Sharpness.LogKl(), run.Trained.TestError))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var size = Sizes.At(scale);
        return new ExperimentSize(
            $"{size.Recipe.Sized}, {CapacityFigure.Number(size.Images)} images and up to {CapacityFigure.Number(size.Confusion[^1])} with "
                + $"random labels, {size.Recipe.Training.End}",
            scale switch { ExperimentScale.Smoke => 2, ExperimentScale.Laptop => 5, _ => PaperSeeds },
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(8),
                _ => VggTraining.PaperTime(
                    Enumerable.Repeat(size.Confusion, PaperSeeds).SelectMany(sets => sets.Select(images => size.Images + images))),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<MeasuredTraining> Compute(ExperimentContext context)
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
        return MeasuredTraining.All(context, trained, size.Sharpness);
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<MeasuredTraining> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var size = Sizes.At(context.Scale);
        return new ExperimentFigure
        {
            Summary = "Networks learn the same images by heart, and beside them others with random labels. A measure of complexity, taken "
                + "on the training set alone, should tell how much each had to remember beside it.",
            Remarks =
            [
                .. size.Recipe.Remarks($"the training set {CapacityFigure.Number(size.Images)} images in place of "
                    + $"{CapacityFigure.Number(Sizes.PaperImages)}, the confusion sets are as much smaller"),
                .. CapacityFigure.Unfitted([.. runs.Select(run => run.Trained)]),
            ],
            Panels =
            [
                new Section(
                    "Figure 3",
                    CapacityFigure.Panels(new Axis("random labels in the confusion set"), new ShadeScale("random labels"), runs)),
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
                SharpnessSettings.Levels,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables = CapacityFigure.Tables(runs),
        };
    }

    private static Finding AreMinima(ImmutableArray<MeasuredTraining> runs)
    {
        var minima = runs.Count(run => run.Trained.TrainingError == 0);
        return Judge.Holds(
            minima == runs.Length,
            $"{minima} of {runs.Length} networks make no mistake on the training set",
            runs.ByLevel().Min(level => level.Count()),
            new Fact("largest share of training errors", runs.Max(run => run.Trained.TrainingError)));
    }

    private static Finding Fitted(IEnumerable<MeasuredTraining> runs, Finding finding) => finding.IfFitted(runs.Select(run => run.Trained));

    private sealed record Sizes(int Images, ImmutableArray<int> Confusion, int TestImages, VggTraining Recipe, SharpnessSettings Sharpness)
    {
        public const int PaperImages = 10_000;

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new(32, [0, 32], 100, VggTraining.Smoke, SharpnessSettings.Smoke),
            ExperimentScale.Laptop => new(1_500, [0, 200, 400, 800], 2_000, VggTraining.Laptop, SharpnessSettings.Laptop),
            _ => new(PaperImages, [0, 1_000, 2_000, 3_000, 4_000, 5_000], 10_000, VggTraining.Paper, SharpnessSettings.Paper),
        };
    }
}
