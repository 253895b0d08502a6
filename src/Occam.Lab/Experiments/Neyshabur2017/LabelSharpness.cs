using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-2: Figure 2 of Neyshabur et al. 2017, maximum sharpness and the curves of expected sharpness and KL divergence of the networks of
/// Figure 1.
/// </summary>
internal sealed class LabelSharpness() : Experiment<ImmutableArray<SharpnessValues>>(
    "eg-2",
    "Sharpness alone misjudges random labels; with the KL divergence it tells them",
    Papers.Neyshabur2017,
    "Figure 2",
    ImageSets.Name)
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<SharpnessValues>>> JudgedClaims { get; } =
    [
        new("max-misleads-small",
            "On the smallest training set, networks that learned random labels have less maximum sharpness than those that "
                + "learned true ones.",
            "§2.4, Figure 2, left", runs => Fitted(runs, Judge.Falls("maximum sharpness", Max(runs.ByLevel().First())))),
        new("max-tells-large", "On the largest training set they have more.", "§2.4, Figure 2, left",
            runs => Fitted(runs, Judge.Rises("maximum sharpness", Max(runs.ByLevel().Last())))),
        new("curves-lower",
            "The curves of expected sharpness and KL divergence are lower for true labels: at every level of sharpness the divergence is "
                + "smaller, at every size of the training set.",
            "§2.4, Figure 2, middle and right", AreLower),
        new("curves-spread", "With the size of the training set the curves change more for random labels.",
            "§2.4, Figure 2, middle and right", Spread),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LabelTrainings.Size(scale);

    /// <inheritdoc/>
    public override ImmutableArray<SharpnessValues> Compute(ExperimentContext context)
    {
        var trainings = LabelTrainings.At(context.Scale);
        return context.Replicate(
            "measuring",
            trainings.Run(context),
            (network, replica) => SharpnessValues.Measure(network, trainings.Sharpness, replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<SharpnessValues> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var trainings = LabelTrainings.At(context.Scale);
        TrainedRun[] trained = [.. runs.Select(run => run.Trained)];
        SharpnessValues[] own = [.. runs.Where(run => !run.Random)];
        SharpnessValues[] random = [.. runs.Where(run => run.Random)];
        var shade = new ShadeScale("size of the training set");
        return new ExperimentFigure
        {
            Summary = "The networks of Figure 1 again: how much the loss can rise near their weights, how much it rises under random "
                + "perturbations of several sizes, and the KL divergence that perturbations of these sizes cost.",
            Remarks = [.. trainings.Remarks(trained)],
            Panels =
            [
                new Section(
                    "Figure 2",
                    new SideBySide(
                        new Chart("Maximum sharpness", new Axis("size of the training set"), new Axis("ζ, α = 5·10⁻⁴", Minimum: 0),
                        [
                            .. CapacityFigure.Curve("true labels", Tone.Blue, own, run => run.Max),
                            .. CapacityFigure.Curve("random labels", Tone.Red, random, run => run.Max),
                        ]),
                        CapacityFigure.BiCriteria("True labels", shade, own),
                        CapacityFigure.BiCriteria("Random labels", shade, random))),
                new Section(
                    "At one sharpness",
                    new Chart(
                        $"KL divergence at an expected sharpness of {Numbers.Format(SharpnessValues.PaperLevel)}",
                        new Axis("size of the training set"),
                        new Axis("KL divergence", Scale.Log),
                        [
                            .. CapacityFigure.GeometricCurve("true labels", Tone.Blue, own, run => run.LogKl()),
                            .. CapacityFigure.GeometricCurve("random labels", Tone.Red, random, run => run.LogKl()),
                        ])),
            ],
            Settings = [.. trainings.Described(context), SharpnessSettings.Levels],
            Tables = [CapacityFigure.Trainings(trained), .. CapacityFigure.Sharpness(runs)],
        };
    }

    private static SeedGroup[] Max(IEnumerable<SharpnessValues> size) => LabelGap.TrueAndRandom(size, run => run.Max);

    private static Finding AreLower(ImmutableArray<SharpnessValues> runs) => Fitted(runs, Judge.All(
    [
        .. from size in runs.ByLevel()
           from level in SharpnessValues.Levels
           select (
               $"{CapacityFigure.Number(size.Key)} images at a sharpness of {Numbers.Format(level)}",
               Judge.Rises("log₁₀ of the KL divergence", LabelGap.TrueAndRandom(size, run => run.LogKl(level)))),
    ]));

    private static Finding Spread(ImmutableArray<SharpnessValues> runs)
    {
        SeedGroup Change(bool random, double level) => new(random ? "random labels" : "true labels", random ? 1 : 0,
            LabelGap.SmallestToLargest(runs.Where(run => run.Random == random), run => run.LogKl(level)));
        return Fitted(runs, Judge.All(
        [
            .. from level in SharpnessValues.Levels
               select (
                   $"at a sharpness of {Numbers.Format(level)}",
                   Judge.Rises(
                       "change of log₁₀ of the KL divergence from the smallest to the largest training set",
                       [Change(false, level), Change(true, level)])),
        ]));
    }

    private static Finding Fitted(IEnumerable<SharpnessValues> runs, Finding finding) => finding.IfFitted(runs.Select(run => run.Trained));
}
