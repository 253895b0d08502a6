using System.Collections.Immutable;
using Occam.Lab.Reports;
using Occam.Training;
using Occam.Training.Optimizers;
using Occam.Training.Schedules;

namespace Occam.Lab.Experiments.Dherin;

/// <summary>
/// gc-c6: SM C.6 of Dherin et al. 2022, the learning rates of Figure 4 together with what practitioners add: a schedule,
/// data augmentation and regularization. Chosen: a cosine from the learning rate to zero, crops padded by 4 pixels and
/// flips, weight decay 5e-4.
/// </summary>
public sealed class Together : ComplexityExperiment
{
    private const double WeightDecay = 5e-4;

    /// <inheritdoc/>
    public override string Id => "gc-c6";

    /// <inheritdoc/>
    public override string Title => "With schedule, augmentation and regularization, larger learning rates still find lower complexity";

    /// <inheritdoc/>
    public override string Paper => "Dherin, Munn, Rosca, Barrett 2022";

    /// <inheritdoc/>
    public override string Figure => "SM C.6";

    /// <inheritdoc/>
    public override ImmutableArray<string> DataSets => ResNetTask.DataSets;

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("With a schedule, augmentation and regularization, too, the geometric complexity falls as the learning rate rises.", "§1, SM C.6"),
        new("With a schedule, augmentation and regularization, too, the test accuracy rises with the learning rate.", "§1, SM C.6"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => LearningRateTrainings.Size(scale);

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var task = ResNetTask.Of(context);
        task = task with { Settings = task.Settings with { Schedule = new Cosine(), Augmentation = new Augmentation(Crop: 4, Flip: true) } };
        var sweep = Sweep.OfLearningRates(context.Scale, rate => new Sgd(rate, WeightDecay: WeightDecay));
        var runs = task.Train(context, "training", sweep.Conditions);
        VerdictBlock[] verdicts = [.. sweep.Judge(Claims, runs, context.Scale)];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = $"To tell the effects of single techniques apart the paper trains without the others. Here {task.Network} is trained as one would train it in practice, again over learning rates.",
            Verdicts = [.. verdicts],
            Panels = [new Section("As the top row of Figure 4", [.. sweep.Row(runs), ComplexityText.Bands])],
            Settings =
            [
                .. task.Described,
                .. sweep.Setting,
                new("schedule", "cosine, from the learning rate to 0", Origin.Chosen),
                new("augmentation", "random crops of images padded by 4 pixels, random flips", Origin.Chosen),
                new("regularization", $"weight decay {WeightDecay}", Origin.Chosen),
                new("optimizer", "SGD without momentum", Origin.Chosen),
            ],
            Remarks = task.Remarks,
            Tables = ComplexityFigure.Tables(runs),
        };
    }
}
