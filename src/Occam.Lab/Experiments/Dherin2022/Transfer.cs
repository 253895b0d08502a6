using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks.Builders;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-transfer: what Dherin et al. 2022, §5 and 2021, §4 say of the terms of their theory through training, and §2 of the complexity of a
/// batch. The papers show no figure of it; <see cref="TransferTask"/> says what was chosen.
/// </summary>
internal sealed class Transfer() : Experiment<ImmutableArray<TransferRun>>(
    "gc-transfer",
    "The conditions under which gradient descent presses on geometric complexity hold in training",
    Papers.Dherin2022,
    "§2 and §5, eq. 6–10",
    TransferTask.DataSets)
{
    private const int Depth = 3;
    private const double Small = 0.1;
    private const double GoodProxy = 0.1;
    private const string Growth = "Dherin et al. 2021, §4, after eq. 8";
    private const string Conditions = "§5, step 3";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<TransferRun>>> JudgedClaims { get; } =
    [
        new("pressure-falls",
            "The gradients by the parameters are held down most at the beginning of training, when the residuals are large.",
            "Dherin et al. 2021, §4, after eq. 6",
            runs => Fitted(runs, Judge.All(
                ("at the end", IsLess("part of the pressure 1/B² Σ ε² ‖∇_θ f^i‖² that is left at the end", runs,
                    run => run.End.GradientNorms)),
                ("at any time on the way", IsLess("largest pressure after the first step, as a part of that before it,", runs,
                    run => run.Track.Skip(1).Max(point => point.GradientNorms)))))),
        new("amplifications-start-small", "At the beginning of training the quantities A_i are small.", Growth,
            runs => Judge.IsBelow("largest A_i of a layer before training", [.. runs.Select(run => run.Start.Amplifications.Max())], 1,
                "below which 1/A_i² adds to the pressure")),
        new("amplifications-grow", "As the training progresses the A_i grow.", Growth,
            runs => Fitted(runs, Judge.All([.. Enumerable.Range(0, runs[0].Start.Amplifications.Length).Select(i => (
                $"layer {i + 1}",
                Judge.IsAbove(
                    $"growth of A_i of layer {i + 1} (logarithm of end over start)",
                    [.. runs.Select(run => Math.Log(run.End.Amplifications[i] / run.Start.Amplifications[i]))], 0, "none")))]))),
        new("label-alignment", "The label gradient alignment A_B is small relative to the gradient norms, or positive.", Conditions,
            runs => Fitted(runs, SmallOrPositive("A_B", runs, point => point.LabelShare))),
        new("batch-alignment", "The batch gradient alignment C_B is small relative to the gradient norms, or positive.", Conditions,
            runs => Fitted(runs, SmallOrPositive("C_B", runs, point => point.BatchShare))),
        new("transfer-falls-slower", "During training ΣT_i² diminishes slower than the gradient norm ‖∇_θ f‖².",
            "§5, after eq. 10, the condition of its prediction",
            runs => Fitted(runs, Judge.IsAbove(
                "logarithm of how much more is left of ΣT_i² than of ‖∇_θ f‖²",
                [
                    .. runs.Select(run => Math.Log(
                        run.End.Transfer / run.Start.Transfer / (run.End.ParameterGradient / run.Start.ParameterGradient))),
                ],
                0,
                "as much of both"))),
        new("batch-is-proxy", "The complexity on a large enough batch is a very good proxy of that on the data set.", "§2, after eq. 2",
            runs => Judge.IsBelow(
                "relative error of the complexity on a batch (root mean square)",
                [.. runs.Select(run => Math.Sqrt(run.BatchErrors.Average(error => error * error)))], GoodProxy, "a tenth")),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = TransferTask.At(scale, InitializationScheme.LeCun);
        return new ExperimentSize(
            $"perceptron of {Depth} × {task.Width}, {task.Images:N0} images",
            scale == ExperimentScale.Smoke ? 2 : 5,
            scale switch
            {
                ExperimentScale.Smoke => TimeSpan.FromSeconds(3),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(1),
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<TransferRun> Compute(ExperimentContext context) =>
        TransferTask.At(context.Scale, InitializationScheme.LeCun).Train(context, [Depth]);

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<TransferRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var task = TransferTask.At(context.Scale, InitializationScheme.LeCun);
        return new ExperimentFigure
        {
            Summary = "Gradient descent presses on the gradients by the parameters; the papers’ theorems carry the pressure over to the "
                + "gradients by the input, and with them to the complexity, where some terms are small, or positive, or fall slowly. "
                + "Here these terms are measured through training.",
            Panels =
            [
                new Section(
                    "Amplifications",
                    new SideBySide([.. Enumerable.Range(0, runs[0].Start.Amplifications.Length).Select(i => TransferTables.Curves(
                        $"Layer {i + 1}", new Axis("A_i", Scale.Log), runs, point => point.Amplifications[i]))])),
                new Section(
                    "Pressure",
                    TransferTables.Curves(
                        "On the gradients by the parameters", new Axis("1/B² Σ ε² ‖∇_θ f^i‖²", Scale.Log), runs,
                        point => point.GradientNorms)),
                new Section(
                    "Alignments",
                    new SideBySide(
                        TransferTables.Curves("Label alignment", new Axis("A_B ÷ gradient norms"), runs, point => point.LabelShare),
                        TransferTables.Curves("Batch alignment", new Axis("C_B ÷ gradient norms"), runs, point => point.BatchShare))),
                new Section(
                    "Transfer",
                    new SideBySide(
                        TransferTables.Curves("Transfer functions", new Axis("Σ T_i²", Scale.Log), runs, point => point.Transfer),
                        TransferTables.Curves("By the parameters", new Axis("‖∇_θ f‖²", Scale.Log), runs, point => point.ParameterGradient),
                        TransferTables.Curves("Complexity", new Axis("geometric complexity", Scale.Log), runs, point => point.Complexity)),
                    new Prose("A line for each training. Before the first step, drawn at ½, nothing is learned yet.")),
            ],
            Settings =
            [
                .. task.Settings(context),
                new("small A_i", "every layer’s mean over the points below 1", Origin.Chosen),
                new("small alignment", $"at every recorded step at least −{Small} of 1/B² Σ ε² ‖∇_θ f^i‖²", Origin.Chosen),
                new("large enough batch", $"{task.ProxyBatch} of {task.Images:N0} images; a very good proxy: {GoodProxy} off at most",
                    Origin.Chosen),
            ],
            Tables = TransferTables.Of(runs),
        };
    }

    // What is said of training is judged on networks that came to its end.
    private static Finding Fitted(ImmutableArray<TransferRun> runs, Finding finding) =>
        finding.IfFitted(runs.Select(run => run.TrainingLoss));

    private static Finding IsLess(string what, ImmutableArray<TransferRun> runs, Func<TransferRun, double> pressure) =>
        Judge.IsFactorBelow(
            what, [.. runs.Select(run => pressure(run) / run.Start.GradientNorms)], 1, "that before the first step");

    private static Finding SmallOrPositive(string name, ImmutableArray<TransferRun> runs, Func<TransferPoint, double> share) =>
        Judge.IsAbove(
            $"least {name} of a training, as a share of the gradient norms,", [.. runs.Select(run => run.Track.Min(share))], -Small,
            "a tenth of them against the pressure");
}
