using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-4: Figure 4 of Neyshabur et al. 2017, a perceptron with one hidden layer on MNIST, with more and more hidden units.
/// Stated: ReLU, no batch normalization or dropout, the <see cref="TrainingRecipe"/>. Not stated: whether there are biases, the widths,
/// read off the figure's axis as powers of two from 8 to 8192, and the number of images.
/// </summary>
internal sealed class HiddenUnits() : Experiment<ImmutableArray<MeasuredTraining>>(
    "eg-4",
    "More hidden units generalize better, which few measures explain",
    Papers.Neyshabur2017,
    "Figure 4",
    "mnist")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<MeasuredTraining>>> JudgedClaims { get; } =
    [
        new("fit-with-32", "32 hidden units are enough to fit the training data.", "§3, Figure 4, left",
            runs => HiddenUnitClaims.AreEnough(runs)),
        new("test-error-falls", "The test error goes on falling as hidden units are added beyond that.", "§3, Figure 4, left",
            runs => HiddenUnitClaims.TestErrorFalls(runs)),
        new("norms-fall", "All norms over the margin fall up to 128 hidden units, from the fewest on.", "§3, Figure 4, middle",
            runs => HiddenUnitClaims.NormsFall(runs)),
        new("norms-fall-from-32", "They fall from 32 hidden units, which fit the training data, to 128.", "§3, Figure 4, middle",
            runs => HiddenUnitClaims.NormsFallOnceFitted(runs)),
        new("norms-rise-beyond-128", "With more than 128 hidden units the ℓ2 norm and the ℓ1 path norm rise.", "§3, Figure 4, middle",
            runs => HiddenUnitClaims.NormsRise(runs)),
        new("l2-path-explains",
            "The ℓ2 path norm can provide some explanation: without the factors in the number of units it falls beyond 128 hidden units.",
            "§3, Figure 4, middle", runs => HiddenUnitClaims.PathNormFalls(runs)),
        new("spectral-rises-beyond-512", "The spectral norm rises beyond 512 hidden units.", "§3, Figure 4, middle",
            runs => HiddenUnitClaims.SpectralNormRises(runs)),
        new("counted-units-explain-nothing",
            "With the hidden units that the bounds count, neither the ℓ2 path norm nor the spectral norm falls beyond 128.", "§3",
            runs => HiddenUnitClaims.CapacitiesDoNotFall(runs)),
        new("kl-falls-to-128",
            "The KL divergence at an expected sharpness of 0.05 falls up to 128 hidden units, and no further.", "§3, Figure 4, right",
            runs => HiddenUnitClaims.DivergenceFallsNoFurther(runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var size = Sizes.At(scale);
        return new ExperimentSize(
            $"{size.Widths.Length} widths from {size.Widths[0]} to {CapacityFigure.Number(size.Widths[^1])}, "
                + $"{CapacityFigure.Number(size.Images)} images, {size.Recipe.End}",
            scale switch { ExperimentScale.Smoke => 2, ExperimentScale.Laptop => 5, _ => 3 },
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(6),
                _ => TimeSpan.FromHours(6),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<MeasuredTraining> Compute(ExperimentContext context)
    {
        var size = Sizes.At(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(size.Images, 0);
        var test = new Evaluation("test", context.OpenOr("mnist:test", "glyphs:test").Subset(size.TestImages, 0), Cadence.Ends);

        // The widest first, that none of them is left for the end alone.
        (int Width, int Seed)[] all = [.. from width in size.Widths.Reverse() from seed in context.Seeds select (width, seed)];
        var trained = context.Replicate("training", all, (item, replica) =>
        {
            using var generator = new Generator((ulong)item.Seed);
            var network = Mlp
                .Build([training.ExampleSize, item.Width, training.Classes], "relu", InitializationScheme.PyTorch, generator)
                .To(ScalarType.Float32, context.Device);
            return TrainedNetwork.Train(
                $"{CapacityFigure.Number(item.Width)} units", item.Width, item.Seed, random: false, network, training, training, test,
                size.Recipe, replica);
        });
        return MeasuredTraining.All(context, trained, size.Sharpness);
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<MeasuredTraining> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var size = Sizes.At(context.Scale);
        var units = new Axis("hidden units", Scale.Log);
        return new ExperimentFigure
        {
            Summary = "Perceptrons with one hidden layer, from a few units to thousands, learn to read digits until they make no mistake "
                + "on the training images, where they can. What goes with how well they read new digits?",
            Remarks = [.. CapacityFigure.Unfitted([.. runs.Select(run => run.Trained)]), .. size.Remarks],
            Panels =
            [
                new Section("Figure 4", CapacityFigure.Panels(units, new ShadeScale("hidden units", Scale.Log), runs)),
                new Section(
                    "With the terms in the number of units",
                    new Prose("The norms above leave out what depends on the depth and the number of hidden units alone. The bounds on "
                        + "the capacity don’t."),
                    CapacityFigure.Measures("Capacities", units, runs, (values, norm) => values.Capacity(norm), sharpness: false)),
            ],
            Settings =
            [
                new("data", string.Join("; ", context.OpenedData), Origin.Run),
                new("network", "784 → h → 10, ReLU, no batch normalization, no dropout", Origin.Stated),
                new("biases", "in both layers", Origin.Chosen),
                new("hidden units h", string.Join(", ", size.Widths.Select(width => CapacityFigure.Number(width))),
                    size.Widths.Length == Sizes.PaperWidths.Length ? Origin.Chosen : Origin.Run),
                new("training images", $"{CapacityFigure.Number(size.Images)}, the same for all seeds", Origin.Run),
                new("test images", (long)size.TestImages, Origin.Run),
                .. size.Recipe.Described(),
                .. size.Sharpness.Described,
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables = CapacityFigure.Tables(runs),
        };
    }

    private sealed record Sizes(ImmutableArray<int> Widths, int Images, int TestImages, TrainingRecipe Recipe, SharpnessSettings Sharpness)
    {
        public static readonly ImmutableArray<int> PaperWidths = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

        public ImmutableArray<RichText> Remarks { get; init; } = [];

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new([8, 32, 128, 512, 1024], 300, 200, new TrainingRecipe(0.1, 20), SharpnessSettings.Smoke),
            ExperimentScale.Laptop => new(
                PaperWidths[..^1], 1_000, 10_000, new TrainingRecipe(1e-3, 400) { UntilNoMistake = true }, SharpnessSettings.Laptop)
            {
                Remarks =
                [
                    $"{CapacityFigure.Number(1_000)} of MNIST’s {CapacityFigure.Number(60_000)} training images, up to "
                        + $"{CapacityFigure.Number(PaperWidths[^2])} hidden units in place of {CapacityFigure.Number(PaperWidths[^1])}, "
                        + "until the cross-entropy is below 10⁻³ in place of 10⁻⁴: what two cores train in minutes.",
                ],
            },
            _ => new(PaperWidths, 60_000, 10_000, new TrainingRecipe(TrainingRecipe.PaperLoss, 1_000), SharpnessSettings.Paper),
        };
    }
}
