using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training.Regularizers;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-explicit: SM C.4 of Dherin et al. 2022, the geometric complexity of the batch itself added to the loss, for a
/// perceptron on MNIST and ResNet-18 on CIFAR-10. Chosen: strengths 0, 1e-3, 1e-2, 5e-2 and 0, 1e-7 … 1e-4; one random
/// cotangent an example, on the network as the step runs it.
/// </summary>
public sealed class ExplicitComplexity() : ComplexityExperiment(
    "gc-explicit",
    "Geometric complexity as a regularizer: it falls, and the test accuracy rises",
    Papers.Dherin2022,
    "SM C.4",
    [.. MlpTask.DataSets, .. ResNetTask.DataSets])
{
    private const double Cost = 3;
    private const double Share = 0.6;

    private static readonly RegularizerSweep s_perceptron = new("GC", "α/B Σ ‖∇ₓf‖² on the batch", Cost, Make, [0, 1e-3, 1e-2, 5e-2]);
    private static readonly RegularizerSweep s_resNet = s_perceptron with { Strengths = [0, 1e-7, 1e-6, 1e-5, 1e-4] };

    /// <inheritdoc/>
    public override ImmutableArray<Claim> Claims { get; } =
    [
        new("Perceptron on MNIST: the geometric complexity falls with more regularization.", "§4, SM C.4"),
        new("Perceptron on MNIST: the test accuracy rises with more regularization.", "§4, SM C.4"),
        new("ResNet-18 on CIFAR-10: the geometric complexity falls with more regularization.", "§4, SM C.4"),
        new("ResNet-18 on CIFAR-10: the test accuracy rises with more regularization.", "§4, SM C.4"),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var (perceptrons, resNets) = (s_perceptron.Conditions(scale).Length, s_resNet.Conditions(scale).Length);
        var (first, second) = (
            MlpTask.Size(scale, $"{perceptrons} strengths", perceptrons * Cost),
            ResNetTask.Size(scale, $"{resNets} strengths", resNets * Cost, Share));
        return new ExperimentSize($"{first.Description}; {second.Description}", first.Seeds, first.Estimate + second.Estimate);
    }

    /// <inheritdoc/>
    public override ExperimentOutcome Run(ExperimentContext context)
    {
        var (first, second) = (MlpTask.Create(context), ResNetTask.Create(context, Share));
        var trained = TrainingGroup.Train(
            context,
            new TrainingGroup("perceptrons", first, s_perceptron.Conditions(context.Scale)),
            new TrainingGroup("residual networks", second, s_resNet.Conditions(context.Scale)));
        var (perceptrons, resNets) = (trained[0], trained[1]);
        VerdictBlock[] verdicts =
        [
            Judgement.Ordered(
                Claims[0], Trend.Falls, "geometric complexity at the best test accuracy", perceptrons.Values(run => run.Best.Complexity),
                context.Scale),
            Judgement.Ordered(
                Claims[1], Trend.Rises, "best test accuracy", perceptrons.Values(run => run.Best.TestAccuracy), context.Scale),
            Judgement.Ordered(
                Claims[2], Trend.Falls, "geometric complexity at the best test accuracy", resNets.Values(run => run.Best.Complexity),
                context.Scale),
            Judgement.Ordered(Claims[3], Trend.Rises, "best test accuracy", resNets.Values(run => run.Best.TestAccuracy), context.Scale),
        ];
        return new ExperimentOutcome
        {
            Headline = ComplexityText.Headline(Title, verdicts),
            Summary = "Other regularizers lower the geometric complexity on their way to something else. Here it is what is added to the "
                + "loss, and nothing else: is that enough to generalize better?",
            Verdicts = [.. verdicts],
            Panels = [Row("Perceptron on MNIST", s_perceptron, perceptrons), Row("ResNet-18 on CIFAR-10", s_resNet, resNets)],
            Settings =
            [
                .. first.Described.Select(setting => setting with { Name = "perceptron: " + setting.Name }),
                s_perceptron.Setting(context.Scale),
                .. second.Described
                    .AddRange(ResNetTask.Step(context.Scale))
                    .Select(setting => setting with { Name = "ResNet-18: " + setting.Name }),
                s_resNet.Setting(context.Scale),
                new("cotangents", "one random unit vector an example; batch normalization as the step runs it", Origin.Chosen),
                new("optimizer", "SGD without momentum, augmentation or schedule", Origin.Stated),
            ],
            Remarks = [.. first.Remarks, .. second.Remarks],
            Tables = [.. ComplexityFigure.Tables(perceptrons, "mnist-"), .. ComplexityFigure.Tables(resNets, "cifar-")],
        };
    }

    private static GeometricComplexityRegularizer Make(double strength) => new(strength, Cotangents: 1);

    private static Section Row(string title, RegularizerSweep regularizer, IReadOnlyList<ComplexityRun> runs) => new(
        title,
        new SideBySide(
            regularizer.Panel("Geometric complexity", runs, new Axis("⟨f, D⟩", Scale.Log), run => run.Best.Complexity),
            regularizer.Panel("Best test accuracy", runs, new Axis("share correct"), run => run.Best.TestAccuracy),
            ComplexityFigure.Curves(
                "Complexity on the way", new Axis("⟨f, D⟩", Scale.Log), new ShadeScale("strength"), runs,
                observation => observation.Complexity)),
        ComplexityText.Curves,
        ComplexityText.Bars);
}
