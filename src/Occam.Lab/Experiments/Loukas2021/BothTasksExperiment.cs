using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A figure on both tasks.</summary>
internal abstract class BothTasksExperiment(string id, string title, string figure)
    : Experiment<BothTasks>(id, title, Papers.Loukas2021, figure, ImageTask.DataSets)
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<ExperimentOption> Options => [CosineTask.InputScale, CosineTask.Epochs, ImageTask.Decay];

    /// <inheritdoc/>
    public sealed override ExperimentSize Size(ExperimentScale scale) => ImageTrainings.WithCosines(scale);

    /// <inheritdoc/>
    public sealed override BothTasks Compute(ExperimentContext context) => new(CosineTrainings.Run(context), ImageTrainings.Run(context));

    /// <inheritdoc/>
    public sealed override ExperimentFigure Show(ExperimentContext context, BothTasks runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = Summary,
        Panels = Panels(runs),
        Settings =
        [
            .. CosineTask.Described(context), .. runs.Classification.Described, TrainingFit.Setting,
            new("seeds", string.Join(", ", context.Seeds), Origin.Run),
        ],
        Remarks = runs.Classification.Remarks,
        Tables =
        [
            TrajectoryFigure.Table("regression", runs.Regression),
            TrajectoryFigure.EndTable("regression-trainings", runs.Regression),
            TrajectoryFigure.Table("classification", runs.Classification.Runs),
            TrajectoryFigure.EndTable("classification-trainings", runs.Classification.Runs),
        ],
    };

    /// <summary>What was done, in a few sentences.</summary>
    private protected abstract RichText Summary { get; }

    /// <summary>The figure.</summary>
    private protected abstract ImmutableArray<Block> Panels(BothTasks runs);
}
