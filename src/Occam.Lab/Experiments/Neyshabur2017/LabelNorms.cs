using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-1: Figure 1 of Neyshabur et al. 2017, four norms over the margin of networks trained on true and on random labels, by the size of the
/// training set. Stated: no network makes a training error; the margin is the 5th percentile. Chosen: what counts as "almost", of which
/// §2.2 speaks twice.
/// </summary>
internal sealed class LabelNorms() : Experiment<ImmutableArray<NormValues>>(
    "eg-1",
    "Networks that learned random labels have larger norms",
    Papers.Neyshabur2017,
    "Figure 1",
    ImageSets.Name)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<NormValues>>> JudgedClaims { get; } =
    [
        new("higher-for-random",
            "All four norms over the margin are higher for random labels than for true ones, at every size of the training set.",
            "§2.2, Figure 1", runs => LabelClaims.AreHigher(runs)),
        new("gap-grows", "The gap between random and true labels grows with the training set, for all four norms.", "§2.2, Figure 1",
            runs => LabelClaims.GapGrows(runs)),
        new("gap-grows-most-for-l2", "It grows most for the ℓ2 norm and the ℓ2 path norm.", "§2.2", runs => LabelClaims.GrowsMost(runs)),
        new("capacity-near-linear",
            "With random labels the capacity by each norm grows almost linearly with the number of examples.",
            "§2.2, as an expectation",
            runs => LabelClaims.GrowsLinearly(runs)),
        new("little-growth-on-true",
            "With true labels the capacity by each norm grows little with the number of examples.",
            "§2.2, as an expectation",
            runs => LabelClaims.GrowsLittle(runs)),
        new("percentile-insensitive",
            "The order of the networks is almost the same for every choice of the margin’s ε between 0.001 and 0.1.", "§2.2",
            runs => LabelClaims.OrderStays(runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LabelTrainings.Size(scale);

    /// <inheritdoc/>
    public override ImmutableArray<NormValues> Compute(ExperimentContext context) => context.Replicate(
        "measuring",
        LabelTrainings.At(context.Scale).Run(context),
        (network, replica) => NormValues.Measure(network, replica.Cancellation));

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<NormValues> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var trainings = LabelTrainings.At(context.Scale);
        TrainedRun[] trained = [.. runs.Select(run => run.Trained)];
        return new ExperimentFigure
        {
            Summary = "The same convolutional network learns images by their true labels, and images by labels drawn at random, until it "
                + "knows them by heart. A measure of complexity should tell these networks apart, and more so the more there is "
                    + "to remember.",
            Remarks = [.. trainings.Remarks(trained)],
            Panels =
            [
                new Section(
                    "Figure 1",
                    new SideBySide(Panel(0, runs), Panel(1, runs)),
                    new SideBySide(Panel(2, runs), Panel(3, runs))),
                new Section(
                    "The trainings",
                    new SideBySide(
                        Trainings("Test error", new Axis("share of errors", Minimum: 0, Maximum: 1), trained, run => run.TestError),
                        Trainings("Epochs", new Axis("epochs"), trained, run => run.Epochs))),
            ],
            Settings =
            [
                .. trainings.Described(context),
                new("what counts as little", $"the norm over γ² grows with a power of the size below {LabelClaims.LeastExponent}",
                    Origin.Chosen),
                new("what counts as almost linear", $"the norm over γ² grows with a power of the size between {LabelClaims.LeastExponent} "
                    + $"and {LabelClaims.LargestExponent}, by the least-squares line of their logarithms", Origin.Chosen),
                new("what counts as almost unaffected",
                    $"{CapacityFigure.Percent(LabelClaims.SameOrder)} of the pairs of a seed’s networks keep their order", Origin.Chosen),
            ],
            Tables = [CapacityFigure.Trainings(trained), CapacityFigure.Norms(runs)],
        };
    }

    private static Chart Panel(int norm, ImmutableArray<NormValues> runs) => new(
        NormValues.Names[norm],
        new Axis("size of the training set"),
        new Axis(NormValues.Formulas[norm], Scale.Log),
        [
            .. CapacityFigure.GeometricCurve("true labels", Tone.Blue, runs.Where(run => !run.Random), run => run.OverMargin(norm)),
            .. CapacityFigure.GeometricCurve("random labels", Tone.Red, runs.Where(run => run.Random), run => run.OverMargin(norm)),
        ]);

    private static Chart Trainings(string title, Axis y, TrainedRun[] trained, Func<TrainedRun, double> quantity) =>
        new(
            title,
            new Axis("size of the training set"),
            y,
            [
                .. CapacityFigure.Curve("true labels", Tone.Blue, trained.Where(run => !run.Random), quantity),
                .. CapacityFigure.Curve("random labels", Tone.Red, trained.Where(run => run.Random), quantity),
            ]);
}
