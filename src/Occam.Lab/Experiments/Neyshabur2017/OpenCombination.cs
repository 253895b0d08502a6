using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-open-combination: what §5 of Neyshabur et al. 2017 leaves open. "Some combination of expected sharpness and norms do seem to capture
/// much of the generalization behavior of neural networks": which? Perceptrons with one hidden layer are trained over a grid of widths,
/// learning rates, batches and label noise until they make no mistake, and norms, sharpness and combinations of both are ranked by how
/// they order the networks by their generalization gap. All of it is chosen; the measures are the paper's.
/// </summary>
internal sealed class OpenCombination() : Experiment<ImmutableArray<CombinationRun>>(
    "eg-open-combination",
    "Sharpness and norms together rank networks by generalization better than either alone",
    Papers.Neyshabur2017,
    "an open question of §5",
    "mnist")
{
    private const string Question = "our question; §5 leaves open which combination of sharpness and norms it is";

    private const int Looked = 0;

    private const string Afterwards = "our question, asked after a look at 36 networks of seed 0, which is left out: the path norm, unlike "
        + "the divergence, followed the gap as units were added";

    private static readonly CombinationMeasure s_pathProduct =
        CombinationMeasure.Product(CombinationMeasure.Expected, CombinationMeasure.Path, 1);

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<CombinationRun>>> JudgedClaims { get; } =
    [
        new("kl-predicts",
            "Where one hyperparameter is changed, networks of larger KL divergence at an expected sharpness of 0.05 generalize worse.",
            Question, runs => CombinationClaims.Predicts(CombinationMeasure.Divergence, runs)),
        new("kl-beats-sharpness", "It ranks networks better than expected and maximum sharpness alone.", Question,
            runs => CombinationClaims.Beats(
                CombinationMeasure.Divergence, [CombinationMeasure.Expected, CombinationMeasure.Max], runs)),
        new("kl-beats-norms", "It ranks networks better than each norm alone.", Question,
            runs => CombinationClaims.Beats(CombinationMeasure.Divergence, CombinationMeasure.Norms, runs)),
        new("product-beats-factors",
            "The product of expected sharpness and the norm that the divergence measures ranks networks better than each of them alone.",
            Question, runs => CombinationClaims.Beats(
                CombinationMeasure.Product(CombinationMeasure.Expected, CombinationMeasure.Weighted, 1),
                [CombinationMeasure.Expected, CombinationMeasure.Weighted],
                runs)),
        new("sum-beats-kl", "Added as in eq. 5, sharpness and divergence rank networks better than the divergence at one sharpness.",
            Question, runs => CombinationClaims.Beats(CombinationMeasure.Sum, [CombinationMeasure.Divergence], runs)),
        new("path-product-beats-factors",
            "The product of expected sharpness and the ℓ2 path norm over γ² ranks networks better than each of them alone.", Afterwards,
            runs => CombinationClaims.Beats(s_pathProduct, [CombinationMeasure.Expected, CombinationMeasure.Path], NotLooked(runs))),
        new("path-product-beats-kl", "It ranks them better than the KL divergence at an expected sharpness of 0.05.", Afterwards,
            runs => CombinationClaims.Beats(s_pathProduct, [CombinationMeasure.Divergence], NotLooked(runs))),
    ];

    // What a question came from can't answer it.
    private static ImmutableArray<CombinationRun> NotLooked(ImmutableArray<CombinationRun> runs) =>
        runs.RemoveAll(run => run.Seed == Looked);

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var size = Sizes.At(scale);
        return new ExperimentSize(
            $"{size.Grid.Count()} settings of perceptrons, {CapacityFigure.Number(size.Images)} images, {size.Recipe.End}",
            scale == ExperimentScale.Smoke ? 2 : 6,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(20),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(9),
                _ => TimeSpan.FromHours(3),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<CombinationRun> Compute(ExperimentContext context)
    {
        var size = Sizes.At(context.Scale);
        var data = context.OpenOr("mnist:train", "glyphs:train");
        var test = new Evaluation("test", context.OpenOr("mnist:test", "glyphs:test").Subset(size.TestImages, 0), Cadence.Ends);
        (int Index, Setting Setting, int Seed)[] all =
            [.. from pair in size.Grid.Index().Reverse() from seed in context.Seeds select (pair.Index, pair.Item, seed)];
        return
        [
            .. context.Replicate("training and measuring", all, (item, replica) =>
            {
                var (index, setting, seed) = item;
                var own = data.Subset(size.Images, seed);
                var training = setting.Noise > 0
                    ? ImageSets.WithRandomLabels(own, size.Images - (int)Math.Round(setting.Noise * size.Images), seed)
                    : own;
                using var generator = new Generator((ulong)seed);
                var network = Mlp
                    .Build([training.ExampleSize, setting.Units, training.Classes], "relu", InitializationScheme.PyTorch, generator)
                    .To(ScalarType.Float32, context.Device);
                var trained = TrainedNetwork.Train(
                    setting.Name, index, seed, random: false, network, training, training, test,
                    size.Recipe with { LearningRate = setting.LearningRate, Batch = setting.Batch }, replica);
                return new CombinationRun(
                    setting.Units, setting.LearningRate, setting.Batch, setting.Noise, size.Images,
                    NormValues.Measure(trained, replica.Cancellation), SharpnessValues.Measure(trained, size.Sharpness, replica));
            }).OrderBy(run => run.Level).ThenBy(run => run.Seed),
        ];
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<CombinationRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var size = Sizes.At(context.Scale);
        string List<T>(IEnumerable<T> values) => string.Join(", ", values.Distinct());
        return new ExperimentFigure
        {
            Summary = "The paper ends with an open question: “some combination of expected sharpness and norms do seem to capture much of "
                + $"the generalization behavior”, but which? {runs.Length} small networks of different hyperparameters are trained until "
                + "they make no mistake on their training images. Measures of complexity put them in order, and that order is compared "
                + "with the order by their generalization gap.",
            Remarks = [.. CapacityFigure.Unfitted([.. runs.Select(run => run.Trained)])],
            Panels = [.. CombinationPage.Panels(context, runs, size.TestImages)],
            Settings =
            [
                new("data", string.Join("; ", context.OpenedData), Origin.Run),
                new("network", "784 → h → 10, ReLU, with biases", Origin.Chosen),
                new("hidden units h", List(size.Grid.Select(setting => setting.Units)), Origin.Chosen),
                new("learning rates", List(size.Grid.Select(setting => setting.LearningRate)), Origin.Chosen),
                new("batches", List(size.Grid.Select(setting => setting.Batch)), Origin.Chosen),
                new("label noise, the share of labels drawn at random", List(size.Grid.Select(setting => setting.Noise)), Origin.Chosen),
                new("training images", $"{CapacityFigure.Number(size.Images)}, drawn for each seed", Origin.Run),
                new("test images", (long)size.TestImages, Origin.Run),
                .. size.Recipe.Described().Where(setting => setting.Name.PlainText is not ("optimizer" or "batch")),
                new("optimizer", "SGD, momentum 0.9, no weight decay, no augmentation", Origin.Chosen),
                .. size.Sharpness.Described,
                new("weighted ℓ2 norm", "Σ (w/(10|w| + 1))², which the KL divergence measures", Origin.Chosen),
                new("expected sharpness at one size", $"α = {CombinationMeasure.Alpha}", Origin.Chosen),
                new("δ of eq. 5", CombinationMeasure.Delta, Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables = CombinationPage.Tables(runs),
        };
    }

    private sealed record Setting(int Units, double LearningRate, int Batch, double Noise)
    {
        public string Name => $"{CapacityFigure.Number(Units)} units, rate {LearningRate}, batches of {Batch}, "
            + $"{CapacityFigure.Percent(Noise)} of the labels random";
    }

    private sealed record Sizes(
        ImmutableArray<int> Units, ImmutableArray<double> Rates, ImmutableArray<int> Batches, ImmutableArray<double> Noise, int Images,
        int TestImages, TrainingRecipe Recipe, SharpnessSettings Sharpness)
    {
        public IEnumerable<Setting> Grid =>
            from units in Units
            from rate in Rates
            from batch in Batches
            from noise in Noise
            select new Setting(units, rate, batch, noise);

        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new(
                [16, 64], [0.05], [8, 32], [0, 0.2], 60, 200,
                new TrainingRecipe(0.1, 100) { UntilNoMistake = true }, SharpnessSettings.Smoke),
            ExperimentScale.Laptop => new(
                [64, 256, 1024], [0.005, 0.015], [16, 64], [0, 0.1, 0.3], 1_000, 10_000,
                new TrainingRecipe(1e-2, 400) { UntilNoMistake = true }, SharpnessSettings.Laptop),
            _ => new(
                [64, 512, 4096], [0.003, 0.01, 0.03], [16, 64, 256], [0, 0.1, 0.2, 0.4], 10_000, 10_000,
                new TrainingRecipe(1e-2, 1_000) { UntilNoMistake = true }, SharpnessSettings.Paper),
        };
    }
}
