using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Training;
using Occam.Training.Optimizers;
using Occam.Training.Schedules;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-c6: SM C.6 of Dherin et al. 2022, the learning rates of Figure 4 together with what practitioners add: a schedule,
/// data augmentation and regularization. Chosen: a cosine from the learning rate to zero, crops padded by 4 pixels and
/// flips, weight decay 5e-4. On a laptop the images are too few and the steps too short for the small rates to arrive, and
/// crops make them shorter still: there are flips only, and larger rates.
/// </summary>
internal sealed class UsualTraining() : ComplexityExperiment<ComplexityRuns>(
    "gc-c6",
    "With schedule, augmentation and regularization, larger learning rates still find lower complexity",
    Papers.Dherin2022,
    "SM C.6",
    ResNetTask.DataSets)
{
    private const double WeightDecay = 5e-4;
    private const double Share = 1.6;

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ComplexityRuns>> JudgedClaims { get; } =
    [
        new("complexity-falls",
            "With a schedule, augmentation and regularization, too, the geometric complexity of networks that fit falls as the learning "
                + "rate rises.",
            "§1, SM C.6",
            trainings => ComplexityFindings.FittedComplexityFalls(trainings.Runs)),
        new("accuracy-rises",
            "With a schedule, augmentation and regularization, too, the test accuracy of networks that fit rises with the learning rate.",
            "carried over from §5, Figure 4",
            trainings => ComplexityFindings.AccuracyRises(trainings.Runs).IfAllReachZero(trainings.Runs)),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var count = OfRates(scale).Levels.Length;
        return ResNetTask.Size(scale, $"{count} learning rates", count, Share);
    }

    /// <inheritdoc/>
    public override ComplexityRuns Compute(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        var augmentation = new Augmentation(Crop: context.Scale == ExperimentScale.Laptop ? 0 : 4, Flip: true);
        task = task with { Settings = task.Settings with { Schedule = new CosineSchedule(), Augmentation = augmentation } };
        var sweep = OfRates(context.Scale);
        return new ComplexityRuns(task.Train(context, "training", sweep.Conditions))
        {
            Network = task.Network,
            Settings =
            [
                .. task.Described,
                .. sweep.Setting,
                new("schedule", "cosine, from the learning rate to 0", Origin.Chosen),
                new("augmentation", augmentation.Crop > 0
                    ? $"random crops of images padded by {augmentation.Crop} pixels, random flips"
                    : "random flips", augmentation.Crop > 0 ? Origin.Chosen : Origin.Run),
                new("regularization", $"weight decay {WeightDecay}", Origin.Chosen),
                new("optimizer", "SGD without momentum", Origin.Chosen),
                ComplexityFindings.Zero,
                ComplexityFindings.Judged,
            ],
            Remarks = augmentation.Crop > 0
                ? task.Remarks
                : [.. task.Remarks, "With random crops of so few images, and with the small learning rates of Figure 4, the training "
                    + "loss would not come near zero in so few steps: this one takes flips only, and larger rates."],
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ComplexityRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = "To tell the effects of single techniques apart the paper trains without the others. Here "
            + $"{runs.Network} is trained as one would train it in practice, again over learning rates.",
        Panels = [new Section("As the top row of Figure 4", [.. OfRates(context.Scale).Row(runs.Runs), ComplexityText.Bands])],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = ComplexityFigure.Tables(runs.Runs),
    };

    private static Sweep OfRates(ExperimentScale scale) =>
        Sweep.OfLearningRates(scale, rate => new Sgd(rate, WeightDecay: WeightDecay), larger: true);
}
