using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// The perceptrons of Figures 5 to 8: ten hidden layers of 1000 ReLU units on MNIST, at initialization and trained, each with
/// what the conditions of Theorem 1 are made of. Figures computed together train once. Stated: the layers and the data. Chosen, for the
/// theorem has none: no biases; He's initialization, which keeps activations as large as they come.
/// </summary>
internal static class DeepPerceptrons
{
    private const int Hidden = 10;
    private const long Classes = 10;

    private static readonly TrainingMemory<ConditionRuns> s_memory = new();

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var sizes = Sizes.At(scale);
        return new ExperimentSize(
            $"{Hidden} hidden layers of {CapacityFigure.Number(sizes.Width)} units, "
                + $"{CapacityFigure.Number(sizes.Images)} images, conditions at {sizes.Examples} of them",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(10),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(2),
            });
    }

    /// <summary>Trains all, and measures them before and after.</summary>
    public static ConditionRuns Run(ExperimentContext context)
    {
        var sizes = Sizes.At(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(sizes.Images, 0);
        var test = new Evaluation("test", context.OpenOr("mnist:test", "glyphs:test").Subset(sizes.TestImages, 0), Cadence.Ends);
        return s_memory.Get(context, () =>
        {
            (Network Initial, TrainedNetwork Trained)[] networks =
            [
                .. context.Replicate("training", context.Seeds, (seed, replica) =>
                {
                    using var generator = new Generator((ulong)seed);
                    var initial = Mlp.Build(
                        [training.ExampleSize, .. Enumerable.Repeat((long)sizes.Width, Hidden), training.Classes], "relu",
                        InitializationScheme.He, generator, bias: false).To(ScalarType.Float32, context.Device);
                    return (
                        initial,
                        TrainedNetwork.Train("trained", 1, seed, random: false, initial, training, training, test, sizes.Recipe, replica));
                }),
            ];
            var measured = context.Replicate(
                "measuring", [.. networks.SelectMany(pair => new[] { pair.Initial, pair.Trained.Network })], (network, replica) =>
                    LayerConditions.Measure(network, training, sizes.Examples, replica));
            TrainedNetwork[] trained = [.. networks.Select(pair => pair.Trained)];
            return new ConditionRuns(
                [.. trained.Select((network, i) => new ConditionRun(
                    network.Seed, network.Fitted, measured[2 * i], measured[(2 * i) + 1]))])
            {
                Settings = [.. Described(context, sizes)],
                Remarks = [.. Remarks(sizes, trained)],
                Trainings = [CapacityFigure.Trainings(trained)],
            };
        });
    }

    private static IEnumerable<ExperimentSetting> Described(ExperimentContext context, Sizes sizes)
    {
        long parameters = (784 * sizes.Width) + ((Hidden - 1) * sizes.Width * sizes.Width) + (sizes.Width * Classes);
        return
        [
            new("data", string.Join("; ", context.OpenedData), Origin.Run),
            new("network", $"784 → {Hidden} layers of {CapacityFigure.Number(sizes.Width)} → 10, ReLU", sizes.Width == Sizes.PaperWidth
                ? Origin.Stated
                : Origin.Run),
            new(
                "parameters",
                $"{CapacityFigure.Number(parameters)}; the paper says more than 10,000,000, which ten hidden layers of 1000 units "
                    + "on MNIST don’t have",
                Origin.Run),
            new("biases", "none, as in the theorem", Origin.Chosen),
            .. sizes.Recipe.Described().Where(setting => setting.Name.PlainText != "initialization"),
            new("initialization", "He’s: normal of variance 2/fan-in", Origin.Chosen),
            new("training images", (long)sizes.Images, sizes.Images == Sizes.PaperImages ? Origin.Chosen : Origin.Run),
            new(
                "the conditions’ x",
                $"the first {sizes.Examples} training images, each by itself, scaled to length 1 as the theorem has them; the same "
                    + "computation as that of occam verify",
                Origin.Stated),
            new("C2’s δ", "every δ > 0, of which the paper says nothing", Origin.Chosen),
            new(
                "C2 as drawn",
                "the same images as the network takes them, the mean over them, δ from 0.02 to 1: the paper doesn’t say how it was",
                Origin.Chosen),
            new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ];
    }

    private static IEnumerable<RichText> Remarks(Sizes sizes, TrainedNetwork[] trained) =>
    [
        .. sizes.Images < Sizes.PaperImages
            ? [$"{CapacityFigure.Number(sizes.Images)} of MNIST’s 60,000 training images, layers of "
                + $"{CapacityFigure.Number(sizes.Width)} units, and trainings that end at a cross-entropy of {sizes.Recipe.LossBelow:G1}."]
            : Array.Empty<RichText>(),
        .. CapacityFigure.Unfitted(trained),
    ];

    /// <summary>How large it all is.</summary>
    internal sealed record Sizes(int Width, int Images, int TestImages, int Examples, TrainingRecipe Recipe)
    {
        public const int PaperWidth = 1_000;
        public const int PaperImages = 60_000;

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new(64, 200, 100, 2, new TrainingRecipe(0.1, 20)),
            ExperimentScale.Laptop => new(PaperWidth, 1_000, 2_000, 6, new TrainingRecipe(1e-2, 60)),
            _ => new(PaperWidth, PaperImages, 10_000, 20, new TrainingRecipe(TrainingRecipe.PaperLoss, 500)),
        };
    }
}
