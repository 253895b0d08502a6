using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// eg-2: Figure 2 of Neyshabur et al. 2017, maximum sharpness and the curves of expected sharpness and KL divergence of the networks of
/// Figure 1.
/// </summary>
public sealed class LabelSharpness() : Experiment(
    "eg-2",
    "Sharpness alone misjudges random labels; with the KL divergence it tells them",
    Papers.Neyshabur2017,
    "Figure 2",
    ImageSets.Name)
{
    private const double HighestShown = 0.4;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("On the smallest training set, networks that learned random labels have less maximum sharpness than those that "
            + "learned true ones.", "§2.4, Figure 2, left"),
        new("On the largest training set they have more.", "§2.4, Figure 2, left"),
        new("The curves of expected sharpness and KL divergence are lower for true labels: at a sharpness of 0.05 the divergence is "
            + "smaller, at every size of the training set.", "§2.4, Figure 2, middle and right"),
        new("With the size of the training set the curves change more for random labels.", "§2.4, Figure 2, middle and right"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LabelTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var trainings = LabelTrainings.At(context.Scale);
        var trained = trainings.Run(context);
        var runs =
            context.Replicate("measuring", trained, (network, replica) => SharpnessValues.Measure(network, trainings.Sharpness, replica));
        var shade = new ShadeScale("size of the training set");
        return new ExperimentOutcome
        {
            Headline = Title,
            Summary = "How much the loss can rise near the weights says little by itself, for the weights can be scaled. Beside the KL "
                + "divergence that the same perturbations cost it tells networks that learned from those that only remember.",
            Remarks = [.. trainings.Remarks(trained)],
            Verdicts = [.. Verdicts(context, runs)],
            Panels =
            [
                new Section(
                    "Figure 2",
                    new SideBySide(
                        new Chart("Maximum sharpness", new Axis("size of the training set"), new Axis("ζ, α = 5·10⁻⁴", Minimum: 0),
                        [
                            .. CapacityFigure.Curve("true labels", Tone.Blue, runs.Where(run => !run.Random), run => run.Max),
                            .. CapacityFigure.Curve("random labels", Tone.Red, runs.Where(run => run.Random), run => run.Max),
                        ]),
                        CapacityFigure.BiCriteria("True labels", shade, HighestShown, runs.Where(run => !run.Random)),
                        CapacityFigure.BiCriteria("Random labels", shade, HighestShown, runs.Where(run => run.Random)))),
                new Section(
                    "At one sharpness",
                    new Chart(
                        "KL divergence at an expected sharpness of 0.05", new Axis("size of the training set"),
                        new Axis("KL divergence", Scale.Log),
                        [
                            .. CapacityFigure.GeometricCurve("true labels", Tone.Blue, runs.Where(run => !run.Random), run => run.LogKl),
                            .. CapacityFigure.GeometricCurve("random labels", Tone.Red, runs.Where(run => run.Random), run => run.LogKl),
                        ])),
            ],
            Settings = [.. trainings.Described(context)],
            Tables = [CapacityFigure.Trainings(trained), .. CapacityFigure.Sharpness(runs)],
        };
    }

    private IEnumerable<VerdictBlock> Verdicts(ExperimentContext context, ImmutableArray<SharpnessValues> runs)
    {
        var sizes = runs.GroupBy(run => run.Level).OrderBy(group => group.Key).ToArray();
        VerdictBlock Max(Claim claim, Trend trend, int size) =>
            Judgement.Ordered(
                claim, trend, $"maximum sharpness with {CapacityFigure.Number(sizes[size].Key)} images",
                LabelGap.TrueAndRandom(sizes[size], run => run.Max), context.Scale);
        yield return Max(Claims[0], Trend.Falls, 0);
        yield return Max(Claims[1], Trend.Rises, sizes.Length - 1);
        yield return Judgement.Every(Claims[2],
        [
            .. sizes.Select(size => ($"{CapacityFigure.Number(size.Key)} images", Judgement.Ordered(
                Claims[2], Trend.Rises, "log₁₀ of the KL divergence", LabelGap.TrueAndRandom(size, run => run.LogKl), context.Scale))),
        ]);
        double[] Changes(bool random) =>
            [.. runs.Where(run => run.Random == random)
                .GroupBy(run => run.Seed)
                .Select(seed => seed.MaxBy(run => run.Level)!.LogKl - seed.MinBy(run => run.Level)!.LogKl)];
        yield return Judgement.Ordered(
            Claims[3],
            Trend.Rises,
            "change of log₁₀ of the KL divergence from the smallest to the largest training set",
            [new SeedGroup("true labels", 0, Changes(false)), new SeedGroup("random labels", 1, Changes(true))],
            context.Scale);
    }
}
