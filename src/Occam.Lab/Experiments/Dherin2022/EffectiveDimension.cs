using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;
using Occam.Measures.Curvature;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-open-dimension: two suggestions of Dherin et al. 2022, §7. That flat regions of the loss have a low effective dimension "hints toward
/// the effective dimension being related to" geometric complexity; and the "exact relationship" with the minimum description length "is
/// worth investigating". The paper measures neither. All settings are chosen: perceptrons on MNIST, trained to one training loss with
/// learning rates and batches that lead to different complexities.
/// <para>
/// The effective dimension is Σ λ_i/(λ_i + z) over the eigenvalues of the Gauss–Newton matrix (MacKay 1992; Maddox et al. 2020 take the
/// Hessian's, of which negative ones have to be left out), at three z. The description length is that of the labels by a prequential code
/// (Dawid 1984; Blier and Ollivier 2018): the first images' labels at log₂ 10 bits each, those of each further block by a network that was
/// trained, in the same way, on all before it. Kolmogorov complexity can't be computed, and isn't looked at.
/// </para>
/// </summary>
internal sealed class EffectiveDimension() : Experiment<ImmutableArray<DimensionRun>>(
    "gc-open-dimension",
    "Geometric complexity goes with the effective dimension and with the description length",
    Papers.Dherin2022,
    "§7, an open question",
    "mnist")
{
    private const int Points = 256;
    private const int Draws = 3;
    private const int LanczosSteps = 40;
    private const string Source = "§7, an open question";

    private static readonly ImmutableArray<double> s_z = [0.01, 0.1, 1];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<DimensionRun>>> JudgedClaims { get; } =
    [
        new("effective-dimension", "Geometric complexity and the effective dimension go together, at every z.", Source,
            runs => IfFitted(runs, Judge.All(
            [
                .. s_z.Select((z, i) => (
                    $"z = {Numbers.Format(z)}",
                    Judge.GoTogether("the geometric complexity", "the effective dimension",
                        [.. runs.Select(run => (run.Seed, run.Complexity, run.Dimensions[i]))]))),
            ]))),
        new("description-length", "Geometric complexity and the description length of the labels go together.", Source,
            runs => IfFitted(runs, Judge.GoTogether(
                "the geometric complexity", "the description length",
                [.. runs.Select(run => (run.Seed, run.Complexity, run.DescriptionLength))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var sizes = Sizes.At(scale);
        return new ExperimentSize(
            $"{sizes.Rates.Length} learning rates × {sizes.Batches.Length} batches, perceptron of 2 × {sizes.Width}, "
                + $"{sizes.Blocks[^1]:N0} images",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(3),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(4),
                _ => TimeSpan.FromHours(8),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<DimensionRun> Compute(ExperimentContext context)
    {
        var sizes = Sizes.At(context.Scale);
        var data = context.OpenOr("mnist:train", "glyphs:train").Subset(sizes.Blocks[^1], 0);
        (double Rate, int Batch, int Seed)[] items =
            [.. from rate in sizes.Rates from batch in sizes.Batches from seed in context.Seeds select (rate, batch, seed)];
        return context.Replicate("training", items, (item, replica) => Train(data, sizes, item.Rate, item.Batch, item.Seed, replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<DimensionRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var sizes = Sizes.At(context.Scale);
        Chart Against(string title, string axis, Func<DimensionRun, double> y) => new(
            title, new Axis("geometric complexity", Scale.Log), new Axis(axis, Scale.Log),
            new Dots([.. runs.Select(run => run.Complexity)], [.. runs.Select(y)])
            {
                Name = "trainings",
                Shades = [.. runs.Select(run => run.Level)],
            })
        {
            Shade = new ShadeScale("h/B", Scale.Log),
        };
        return new ExperimentFigure
        {
            Summary = "The paper suspects that its complexity has to do with two others: the number of directions of the weights that the "
                + "data determine, and the number of bits that describe the labels. Networks that fit the same images equally well, by "
                + "other learning rates and batches, are held against both.",
            Panels =
            [
                new Section(
                    "Effective dimension",
                    new SideBySide([.. s_z.Select((z, i) =>
                        Against($"z = {Numbers.Format(z)}", "Σ λ/(λ + z)", run => run.Dimensions[i]))])),
                new Section(
                    "Description length",
                    Against("Prequential code of the labels", "bits", run => run.DescriptionLength),
                    new Prose("A circle for each training. All may follow from h/B, which shades the circles; what is judged is whether "
                        + "they go together, not which of them is the cause.")),
            ],
            Settings =
            [
                new("network", $"perceptron of 2 hidden layers of {sizes.Width} units, ReLU; truncated normal of variance 1/fan-in, "
                    + "biases 0", Origin.Chosen),
                new("images", $"{sizes.Blocks[^1]:N0} of MNIST", Origin.Run),
                new("learning rates", string.Join(", ", sizes.Rates.Select(rate => Numbers.Format(rate))), Origin.Chosen),
                new("batches", string.Join(", ", sizes.Batches), Origin.Chosen),
                new("loss", "cross-entropy", Origin.Stated),
                new("optimizer", "SGD without momentum", Origin.Stated),
                new("end", $"the first epoch whose mean loss is below {FittedPerceptron.Fitted}, at most {sizes.Most:N0} steps",
                    Origin.Chosen),
                new("geometric complexity", $"of the logits, on {Math.Min(sizes.Blocks[^1], Points)} fixed training images", Origin.Chosen),
                new("effective dimension", "Σ λ/(λ + z) over the eigenvalues of the Gauss–Newton matrix of the mean loss, on the same "
                    + $"images, by stochastic Lanczos quadrature: {Draws} random vectors, {LanczosSteps} steps each", Origin.Chosen),
                new("z", string.Join(", ", s_z.Select(z => Numbers.Format(z))), Origin.Chosen),
                new("description length", $"the first {sizes.Blocks[0]} labels at log₂ 10 bits each, then those up to "
                    + $"{string.Join(", ", sizes.Blocks.Skip(1))} by a network trained on all before", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "each training at its end", runs,
                    [
                        ("learning_rate", run => run.Rate), ("batch", run => run.Batch), ("seed", run => run.Seed),
                        ("training_loss", run => run.TrainingLoss), ("geometric_complexity", run => run.Complexity),
                        .. s_z.Select((z, i) => (
                            FormattableString.Invariant($"effective_dimension_{z}"),
                            (Func<DimensionRun, object?>)(run => run.Dimensions[i]))),
                        ("description_length", run => run.DescriptionLength),
                    ]),
            ],
        };
    }

    private static DimensionRun Train(DataSet data, Sizes sizes, double rate, int batch, int seed, Replica replica)
    {
        using var scope = Libtorch.NewDisposeScope();
        var bits = sizes.Blocks[0] * Math.Log2(data.Classes);
        foreach (var (from, to) in sizes.Blocks.Zip(sizes.Blocks.Skip(1)))
        {
            var (known, _) = Fit(from);
            var next = new MeasureContext(new Subject(known), data.Range(from, to - from));
            bits += (MeasureCatalogue.Find("loss").Measurement(next).Value ?? double.NaN) * (to - from) / Math.Log(2);
        }

        var (network, loss) = Fit(data.Count);
        var points = new MeasureContext(new Subject(network), data.Subset(Math.Min(data.Count, Points), 1));
        return new DimensionRun(
            rate, batch, seed, loss, MeasureCatalogue.Find("geometric-complexity").Measurement(points).Value ?? double.NaN,
            [
                .. s_z.Select(z => new SpectralDensity(CurvatureMatrix.GaussNewton, z, Draws, LanczosSteps)
                    .Measurement(points).Value ?? double.NaN),
            ],
            bits);

        (Network Network, double Loss) Fit(int count)
        {
            using var trainer = FittedPerceptron.Trainer(
                data.Range(0, count), sizes.Width, 2, InitializationScheme.LeCun, rate, batch, sizes.Most, seed);
            var last = FittedPerceptron.Train(trainer, replica.Cancellation, _ => replica.Report((double)count / (2 * data.Count)));
            return (trainer.Snapshot(), last);
        }
    }

    private static Finding IfFitted(ImmutableArray<DimensionRun> runs, Finding finding) =>
        finding.IfFitted(runs.Select(run => run.TrainingLoss));

    private sealed record Sizes(ImmutableArray<double> Rates, ImmutableArray<int> Batches, ImmutableArray<int> Blocks, int Width, int Most)
    {
        public static Sizes At(ExperimentScale scale) => scale switch
        {
            ExperimentScale.Smoke => new([0.05, 0.1], [5, 10], [10, 20, 40], 8, 20),
            ExperimentScale.Laptop => new([0.0125, 0.025, 0.05, 0.1], [16, 64], [100, 200, 400, 800], 64, 20_000),
            _ => new([0.00625, 0.0125, 0.025, 0.05, 0.1], [16, 32, 64, 128], [500, 1_000, 2_000, 5_000, 10_000], 500, 1_000_000),
        };
    }
}
