using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>
/// Which scores of <c>occam audit</c> find labels that were made wrong. Garg, Ravikumar and Roy 2024 propose the curvature of the loss
/// around an example, "averaged over training epochs", as a measure of its memorization; Toneva et al. 2019 count how often an example is
/// forgotten. Beside them stand what any program has, the loss and the margin. Whether one is better than another is a question of ours,
/// and so are all settings (<see cref="NoiseAuditTask"/>).
/// </summary>
internal abstract class NoiseAudit(string id, string title, params ImmutableArray<string> dataSets)
    : Experiment<ImmutableArray<NoiseAuditRun>>(id, title, Papers.Garg2024, "the idea; the trainings are ours", dataSets)
{
    private const double Fitted = 0.02;
    private const double Chance = 0.5;
    private const string Curvature = "Garg et al. 2024, abstract";
    private const string Ours = "a question of this project";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<NoiseAuditRun>>> JudgedClaims { get; } =
    [
        Finds("loss-finds", "The loss", NoiseAuditTask.Loss, Ours),
        Finds("margin-finds", "The margin", NoiseAuditTask.Margin, Ours),
        Finds("gradient-finds", "The squared gradient of the loss by the weights", NoiseAuditTask.Gradient, Ours),
        Finds("complexity-finds", "The squared norm of the Jacobian", NoiseAuditTask.Complexity, Ours),
        Finds("curvature-finds", "The curvature of the loss by the input", NoiseAuditTask.Curvature, Curvature),
        Finds("forgetting-finds", "How often an image is forgotten", NoiseAuditTask.Forgotten, "Toneva et al. 2019"),
        Beats("average-beats-end", "The curvature averaged over training finds more than that at the end.",
            NoiseAuditTask.MeanCurvature, NoiseAuditTask.Curvature, Curvature),
        Beats("curvature-beats-loss", "The curvature averaged over training finds more than the loss averaged likewise.",
            NoiseAuditTask.MeanCurvature, NoiseAuditTask.MeanLoss, Ours),
        Beats("forgetting-beats-loss", "How often an image is forgotten finds more than the loss averaged over training.",
            NoiseAuditTask.Forgotten, NoiseAuditTask.MeanLoss, Ours),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = Task(scale);
        return new ExperimentSize(
            $"{task.Network}, {task.Images:N0} images, {task.Epochs:N0} epochs",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(5),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(4),
                _ => TimeSpan.FromHours(3),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<NoiseAuditRun> Compute(ExperimentContext context) => Task(context.Scale).Train(context);

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<NoiseAuditRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var task = Task(context.Scale);
        string[] scores = [.. runs[0].Areas.Select(area => area.Score)];
        return new ExperimentFigure
        {
            Summary = $"{task.Network} learns images of which one in {1 / NoiseAuditTask.Noise:0} has the label of another class, until it "
                + "knows all of them by heart. Which score by example tells these from the others?",
            Panels =
            [
                new Section(
                    "Area under the curve",
                    Table.Of(
                        scores.OrderByDescending(score => runs.Average(run => run.Area(score))),
                        ("score", score => score),
                        ("mean over the seeds", score => Uncertain.RunningMean([.. runs.Select(run => run.Area(score))]).ZeroErrorOfOne()),
                        ("least", score => runs.Min(run => run.Area(score))),
                        ("largest", score => runs.Max(run => run.Area(score)))) with
                        {
                            Caption = "The probability that an image with a wrong label has a higher score than one with a right label; ½ "
                                + "is chance. The mean with its standard error.",
                            IsSortable = true,
                        },
                    new Chart(
                        "Trainings", new Axis("seed"), new Axis("area under the curve"),
                        [
                            .. scores.Select(score => new Dots(
                                [.. runs.Select(run => (double)run.Seed)], [.. runs.Select(run => run.Area(score))]) { Name = score }),
                            new HorizontalRule(Chance, "chance"),
                        ])),
            ],
            Settings = [.. task.Settings, new("seeds", string.Join(", ", context.Seeds), Origin.Run)],
            Tables =
            [
                RawTable.Of(
                    "areas", "each score of each training",
                    runs.SelectMany(run => run.Areas.Select(area => (Run: run, Area: area))),
                    ("seed", row => row.Run.Seed), ("score", row => row.Area.Score), ("area", row => row.Area.Area),
                    ("standard_error", row => row.Area.StandardError), ("training_error", row => row.Run.TrainingError),
                    ("wrong_labels", row => row.Run.Wrong)),
            ],
        };
    }

    /// <summary>What is trained at a scale.</summary>
    private protected abstract NoiseAuditTask Task(ExperimentScale scale);

    private static Claim<ImmutableArray<NoiseAuditRun>> Finds(string id, string what, string score, string source) => new(
        id, $"{what} tells wrong labels from right ones better than chance, in a network that has learned all of them.", source,
        runs => IfFitted(
            runs, Judge.IsAbove($"area under the curve of {score}", [.. runs.Select(run => run.Area(score))], Chance, "chance")));

    private static Claim<ImmutableArray<NoiseAuditRun>> Beats(string id, string text, string first, string second, string source) => new(
        id, text, source,
        runs => IfFitted(runs, Judge.IsAbove(
            $"area of {first} less that of {second}", [.. runs.Select(run => run.Area(first) - run.Area(second))], 0, "neither better")));

    private static Finding IfFitted(ImmutableArray<NoiseAuditRun> runs, Finding finding) => finding.If(
        runs.All(run => run.TrainingError <= Fitted),
        $"{runs.Count(run => !(run.TrainingError <= Fitted))} of {runs.Length} trainings did not learn the labels, but for one in fifty");
}
