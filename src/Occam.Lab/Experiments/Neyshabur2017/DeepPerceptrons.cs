using System.Collections.Immutable;
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
internal sealed record DeepPerceptrons(ImmutableArray<DeepPerceptrons.Pair> Pairs, DeepPerceptrons.Sizes Used)
{
    private const int Hidden = 10;

    private static readonly TrainingMemory<ImmutableArray<Pair>> s_memory = new();

    /// <summary>What the trainings are at a scale.</summary>
    public static ExperimentSize Size(ExperimentScale scale)
    {
        var sizes = Sizes.At(scale);
        return new ExperimentSize(
            $"{Hidden} hidden layers of {CapacityFigure.Number(sizes.Width)} units, "
                + $"{CapacityFigure.Number(sizes.Images)} images, conditions at {sizes.Examples} of them",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(10),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(10),
                _ => TimeSpan.FromHours(1)
            });
    }

    /// <summary>Trains all, and measures them before and after.</summary>
    public static DeepPerceptrons Run(ExperimentContext context)
    {
        var sizes = Sizes.At(context.Scale);
        var training = context.OpenOr("mnist:train", "glyphs:train").Subset(sizes.Images, 0);
        var test = new Evaluation("test", context.OpenOr("mnist:test", "glyphs:test").Subset(sizes.TestImages, 0), Cadence.Ends);
        return new DeepPerceptrons(s_memory.Get(context, () =>
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
            return [.. networks.Select((pair, i) => new Pair(pair.Trained, measured[2 * i], measured[(2 * i) + 1]))];
        }), sizes);
    }

    /// <summary>All of it in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described(ExperimentContext context) =>
    [
        new("data", string.Join("; ", context.OpenedData), Origin.Run),
        new("network", $"784 → {Hidden} layers of {CapacityFigure.Number(Used.Width)} → 10, ReLU", Used.Width == Sizes.PaperWidth
            ? Origin.Stated
            : Origin.Run),
        new("biases", "none, as in the theorem", Origin.Chosen),
        .. Used.Recipe.Described().Where(setting => setting.Name.PlainText != "initialization"),
        new("initialization", "He’s: normal of variance 2/fan-in", Origin.Chosen),
        new("training images", (long)Used.Images, Used.Images == Sizes.PaperImages ? Origin.Chosen : Origin.Run),
        new(
            "the conditions’ x",
            $"the first {Used.Examples} training images as the network takes them; C1 and C3 don’t change with their length",
            Origin.Chosen),
        new("seeds", string.Join(", ", context.Seeds), Origin.Run),
    ];

    /// <summary>What the reader must know first.</summary>
    public IEnumerable<RichText> Remarks =>
    [
        .. Used.Images < Sizes.PaperImages
            ? [$"{CapacityFigure.Number(Used.Images)} of MNIST’s 60,000 training images, layers of "
                + $"{CapacityFigure.Number(Used.Width)} units, and trainings that end at a cross-entropy of {Used.Recipe.LossBelow:G1}."]
            : Array.Empty<RichText>(),
        "C₂ is inverse to the length of the inputs, which the paper doesn’t tell of its figures. Here they are as the network "
            + $"takes them, {Pairs.Average(pair => pair.Initial.InputNorm):F0} long in the mean; scaled to length 1, as for Theorem 1, "
                + "they would make C₂ as many times larger.",
        .. CapacityFigure.Unfitted([.. Pairs.Select(pair => pair.Trained)]),
    ];

    /// <summary>The conditions' numbers and the trainings as tables.</summary>
    public IEnumerable<RawTable> Tables =>
    [
        CapacityFigure.Trainings(Pairs.Select(pair => pair.Trained)),
        RawTable.Of(
            "conditions",
            "the constants of the conditions of Theorem 1, at initialization and trained",
            Pairs.SelectMany(pair => new[] { (pair.Trained.Seed, Name: "initialization", Conditions: pair.Initial), (
                pair.Trained.Seed, Name: "trained", Conditions: pair.Final) }),
            ("seed", row => row.Seed),
            ("network", row => row.Name),
            ("one_over_mu", row => row.Conditions.ConditionNumber),
            ("c2", row => row.Conditions.C2),
            ("c3", row => row.Conditions.C3),
            ("mean_input_norm", row => row.Conditions.InputNorm)),
    ];

    /// <summary>A perceptron before and after its training.</summary>
    internal sealed record Pair(TrainedNetwork Trained, LayerConditions Initial, LayerConditions Final);

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
