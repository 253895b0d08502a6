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
/// Stated: ReLU, no batch normalization or dropout, the <see cref="TrainingRecipe"/>. Not stated: the widths, read off the figure's axis
/// as powers of two from 8 to 8192, and the number of images.
/// </summary>
public sealed class HiddenUnits() : Experiment(
    "eg-4",
    "More hidden units generalize better, and no measure tells why",
    Papers.Neyshabur2017,
    "Figure 4",
    "mnist")
{
    private const int EnoughToFit = 32;
    private const int FallUpTo = 128;
    private const int SpectralRisesFrom = 512;
    private const double HighestShown = 0.4;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("32 hidden units are enough to fit the training data.", "§3, Figure 4, left"),
        new("The test error goes on falling as hidden units are added beyond that.", "§3, Figure 4, left"),
        new("All norms over the margin fall up to 128 hidden units.", "§3, Figure 4, middle"),
        new("With more hidden units the ℓ2 norm and the ℓ1 path norm rise.", "§3, Figure 4, middle"),
        new("The spectral norm rises beyond 512 hidden units.", "§3, Figure 4, middle"),
        new("With the hidden units that the bounds count, neither the ℓ2 path norm nor the spectral norm falls beyond 128.", "§3"),
        new("The KL divergence at an expected sharpness of 0.05 falls up to 128 hidden units, and no further.", "§3, Figure 4, right"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var size = Sizes.At(scale);
        return new ExperimentSize(
            $"{size.Widths.Length} widths from {size.Widths[0]} to {size.Widths[^1]}, {size.Images:N0} images, until the "
                + $"cross-entropy is {size.Recipe.LossBelow:G1} or {size.Recipe.MostEpochs:N0} epochs",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(25),
                _ => TimeSpan.FromHours(6)
            });
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
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
        return Outcome(context, size, MeasuredTraining.All(context, trained, size.Sharpness));
    }

    private ExperimentOutcome Outcome(ExperimentContext context, Sizes size, ImmutableArray<MeasuredTraining> runs)
    {
        TrainedNetwork[] trained = [.. runs.Select(run => run.Trained)];
        SharpnessValues[] sharpness = [.. runs.Select(run => run.Sharpness)];
        var units = new Axis("hidden units", Scale.Log);
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "Perceptrons with one hidden layer, from a few units to thousands, learn to read digits until they make no mistake "
                + "on the training images. What tells that the wide ones read new digits better?",
            Remarks = [.. CapacityFigure.Unfitted(trained), .. size.Remarks],
            Verdicts = [.. Verdicts(context.Scale, context.Seeds.Length, runs)],
            Panels =
            [
                new Section(
                    "Figure 4",
                    new SideBySide(
                        CapacityFigure.Errors(units, trained),
                        CapacityFigure.Measures("Measures", units, runs, norms => norms.OverMargin, sharpness: true),
                        CapacityFigure.BiCriteria(
                            "Sharpness and KL divergence", new ShadeScale("hidden units", Scale.Log), HighestShown, sharpness))),
                new Section(
                    "With the terms in the number of units",
                    new Prose("The norms above leave out what depends on the depth and the number of hidden units alone. The bounds on "
                        + "the capacity don’t."),
                    CapacityFigure.Measures("Capacities", units, runs, norms => norms.Capacities, sharpness: false)),
            ],
            Settings =
            [
                new("network", "784 → h → 10, ReLU, with biases, no batch normalization, no dropout", Origin.Stated),
                new("hidden units h", string.Join(", ", size.Widths), size.Widths.Length == Sizes.PaperWidths.Length
                    ? Origin.Chosen
                    : Origin.Run),
                new("training images", runs[0].Trained.Measured.Description, Origin.Run),
                new("test images", (long)size.TestImages, Origin.Run),
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
        SeedGroup[] Of(Func<MeasuredTraining, bool> chosen, Func<MeasuredTraining, double> quantity) =>
            CapacityFigure.Groups(runs.Where(chosen), quantity);
        bool Narrow(MeasuredTraining run) => run.Level <= FallUpTo;
        bool Wide(MeasuredTraining run) => run.Level >= FallUpTo;
        VerdictBlock Norm(Claim claim, Trend trend, Func<MeasuredTraining, bool> chosen, int norm) =>
            Judgement.Ordered(
                claim, trend, $"log₁₀ of the {NormValues.Names[norm]} over γ²", Of(chosen, run => run.Norms.OverMargin[norm]), scale);
        VerdictBlock Capacity(Claim claim, int norm) =>
            Judgement.Ordered(
                claim, Trend.DoesNotFall, $"log₁₀ of the capacity by the {NormValues.Names[norm]}",
                Of(Wide, run => run.Norms.Capacities[norm]), scale);
        VerdictBlock Kl(Claim claim, Trend trend, Func<MeasuredTraining, bool> chosen) =>
            Judgement.Ordered(claim, trend, "log₁₀ of the KL divergence", Of(chosen, run => run.Sharpness.LogKl), scale);

        MeasuredTraining[] enough = [.. runs.Where(run => run.Level >= EnoughToFit)];
        yield return Judgement.Holds(
            Claims[0],
            enough.All(run => run.Trained.TrainingError == 0),
            $"Of {enough.Length} networks with {EnoughToFit} hidden units or more "
                + $"{enough.Count(run => run.Trained.TrainingError == 0)} make no mistake on the training images",
            seeds,
            scale,
            new Fact("largest share of training errors among them", enough.Max(run => run.Trained.TrainingError)));
        yield return Judgement.Ordered(
            Claims[1], Trend.Falls, "share of test errors", Of(run => run.Level >= EnoughToFit, run => run.Trained.TestError), scale);
        yield return Judgement.Every(Claims[2], [.. NormValues.Names.Select((name, i) => (name, Norm(Claims[2], Trend.Falls, Narrow, i)))]);
        yield return Judgement.Every(
            Claims[3],
            [.. new[] { NormValues.L2, NormValues.L1Path }.Select(i => (NormValues.Names[i], Norm(Claims[3], Trend.Rises, Wide, i)))]);
        yield return Norm(Claims[4], Trend.Rises, run => run.Level >= SpectralRisesFrom, NormValues.Spectral);
        yield return Judgement.Every(
            Claims[5], [.. new[] { NormValues.L2Path, NormValues.Spectral }.Select(i => (NormValues.Names[i], Capacity(Claims[5], i)))]);
        yield return Judgement.Every(
            Claims[6], ("up to 128", Kl(Claims[6], Trend.Falls, Narrow)), ("beyond 128", Kl(Claims[6], Trend.DoesNotFall, Wide)));
    }

    private sealed record Sizes(ImmutableArray<int> Widths, int Images, int TestImages, TrainingRecipe Recipe, SharpnessSettings Sharpness)
    {
        public static readonly ImmutableArray<int> PaperWidths = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

        public ImmutableArray<RichText> Remarks { get; init; } = [];

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new([8, 32, 128, 512, 1024], 300, 200, new TrainingRecipe(0.1, 20), SharpnessSettings.Smoke),
            ExperimentScale.Laptop => new(PaperWidths, 1_000, 10_000, new TrainingRecipe(1e-3, 400), SharpnessSettings.Laptop)
            {
                Remarks = ["1,000 of MNIST’s 60,000 training images, until the cross-entropy is below 10⁻³ in place of 10⁻⁴: what two "
                    + "cores train in minutes."],
            },
            _ => new(PaperWidths, 60_000, 10_000, new TrainingRecipe(TrainingRecipe.PaperLoss, 1_000), SharpnessSettings.Paper),
        };
    }
}
