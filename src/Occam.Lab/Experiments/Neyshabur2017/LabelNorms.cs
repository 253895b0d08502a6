using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-1: Figure 1 of Neyshabur et al. 2017, four norms over the margin of networks trained on true and on random labels, by the size of the
/// training set.
/// </summary>
public sealed class LabelNorms() : Experiment(
    "eg-1",
    "Networks that learned random labels have larger norms",
    Papers.Neyshabur2017,
    "Figure 1",
    ImageSets.Name)
{
    private static readonly ImmutableArray<int> s_pronounced = [NormValues.L2, NormValues.L2Path];
    private static readonly ImmutableArray<int> s_others = [NormValues.Spectral, NormValues.L1Path];

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("All four norms over the margin are higher for random labels than for true ones, at every size of the training set.",
            "§2.2, Figure 1"),
        new("The gap between random and true labels grows with the training set, for all four norms.", "§2.2, Figure 1"),
        new("It grows most for the ℓ2 norm and the ℓ2 path norm.", "§2.2"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LabelTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var trainings = LabelTrainings.At(context.Scale);
        var trained = trainings.Run(context);
        var runs = context.Replicate("measuring", trained, (network, replica) => NormValues.Measure(network, replica.Cancellation));
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "The same convolutional network learns images by their true labels, and images by labels drawn at random, until it "
                + "knows them by heart. A measure of complexity should tell these networks apart, and more so the more there is "
                    + "to remember.",
            Remarks = [.. trainings.Remarks(trained)],
            Verdicts = [.. Verdicts(context, runs)],
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
            Settings = [.. trainings.Described(context)],
            Tables = [CapacityFigure.Trainings(trained), CapacityFigure.Norms(runs)],
        };
    }

    private static Chart Panel(int norm, ImmutableArray<NormValues> runs) => new(
        NormValues.Names[norm],
        new Axis("size of the training set"),
        new Axis(NormValues.Formulas[norm], Scale.Log),
        [
            .. CapacityFigure.GeometricCurve("true labels", Tone.Blue, runs.Where(run => !run.Random), run => run.OverMargin[norm]),
            .. CapacityFigure.GeometricCurve("random labels", Tone.Red, runs.Where(run => run.Random), run => run.OverMargin[norm]),
        ]);

    private static Chart Trainings(string title, Axis y, ImmutableArray<TrainedNetwork> trained, Func<TrainedNetwork, double> quantity) =>
        new(
            title,
            new Axis("size of the training set"),
            y,
            [
                .. CapacityFigure.Curve("true labels", Tone.Blue, trained.Where(run => !run.Random), quantity),
                .. CapacityFigure.Curve("random labels", Tone.Red, trained.Where(run => run.Random), quantity),
            ]);

    private IEnumerable<VerdictBlock> Verdicts(ExperimentContext context, ImmutableArray<NormValues> runs)
    {
        var gaps = LabelGap.Find(runs);
        yield return Judgement.Every(Claims[0],
        [
            .. from norm in Enumerable.Range(0, NormValues.Names.Length)
               from size in runs.GroupBy(run => run.Level)
               select ($"{NormValues.Names[norm]}, {CapacityFigure.Number(size.Key)} images", Judgement.Ordered(
                   Claims[0],
                   Trend.Rises,
                   $"log₁₀ of the {NormValues.Names[norm]} over γ²",
                   LabelGap.TrueAndRandom(size, run => run.OverMargin[norm]),
                   context.Scale)),
        ]);
        yield return Judgement.Every(Claims[1],
        [
            .. NormValues.Names.Select((name, norm) => (name, Judgement.Ordered(
                Claims[1], Trend.Rises, $"log₁₀ of the ratio of random to true labels’ {name} over γ²",
                gaps.Values(gap => gap.Differences[norm]), context.Scale))),
        ]);
        SeedGroup Growth(int norm, int level) => new(NormValues.Names[norm], level, LabelGap.Growth(gaps, gap => gap.Differences[norm]));
        yield return Judgement.Every(Claims[2],
        [
            .. from pronounced in s_pronounced
               from other in s_others
               select ($"{NormValues.Names[pronounced]} more than {NormValues.Names[other]}", Judgement.Ordered(
                   Claims[2],
                   Trend.Rises,
                   "growth of log₁₀ of the ratio from the smallest to the largest training set",
                   [Growth(other, 0), Growth(pronounced, 1)],
                   context.Scale)),
        ]);
    }
}
