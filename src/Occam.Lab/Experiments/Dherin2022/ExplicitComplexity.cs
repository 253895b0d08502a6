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
internal sealed class ExplicitComplexity() : ComplexityExperiment<ExplicitRuns>(
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

    private const string Source = "§4, SM C.4";

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ExplicitRuns>> JudgedClaims { get; } =
    [
        new("perceptron-complexity-falls", "Perceptron on MNIST: the geometric complexity falls with more regularization.", Source,
            trainings => ComplexityFindings.BestComplexityFalls(trainings.Perceptrons)),
        new("perceptron-accuracy-rises", "Perceptron on MNIST: the test accuracy rises with more regularization.", Source,
            trainings => ComplexityFindings.AccuracyRises(trainings.Perceptrons)),
        new("resnet-complexity-falls", "ResNet-18 on CIFAR-10: the geometric complexity falls with more regularization.", Source,
            trainings => ComplexityFindings.BestComplexityFalls(trainings.ResNets)),
        new("resnet-accuracy-rises", "ResNet-18 on CIFAR-10: the test accuracy rises with more regularization.", Source,
            trainings => ComplexityFindings.AccuracyRises(trainings.ResNets)),
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
    public override ExplicitRuns Compute(ExperimentContext context)
    {
        var (first, second) = (MlpTask.Create(context), ResNetTask.Create(context, Share));
        var trained = TrainingGroup.Train(
            context,
            new TrainingGroup("perceptrons", first, s_perceptron.Conditions(context.Scale)),
            new TrainingGroup("residual networks", second, s_resNet.Conditions(context.Scale)));
        return new ExplicitRuns(trained[0], trained[1])
        {
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
        };
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(ExperimentContext context, ExplicitRuns runs, IReadOnlyList<VerdictBlock> verdicts) => new()
    {
        Summary = "Other regularizers ask for small weights or flat losses, and may lower the geometric complexity on the way. Here it "
            + "is what is added to the loss, and nothing else: does it fall, and is that enough to generalize better?",
        Panels = [Row("Perceptron on MNIST", s_perceptron, runs.Perceptrons), Row("ResNet-18 on CIFAR-10", s_resNet, runs.ResNets)],
        Settings = runs.Settings,
        Remarks = runs.Remarks,
        Tables = [.. ComplexityFigure.Tables(runs.Perceptrons, "mnist-"), .. ComplexityFigure.Tables(runs.ResNets, "cifar-")],
    };

    private static GeometricComplexityRegularizer Make(double strength) => new(strength, Cotangents: 1);

    private static Section Row(string title, RegularizerSweep regularizer, IReadOnlyList<ComplexityRun> runs) => new(
        title,
        new SideBySide(
            regularizer.Panel("Geometric complexity", runs, new Axis("geometric complexity", Scale.Log), run => run.Best.Complexity),
            regularizer.Panel("Best test accuracy", runs, new Axis("share correct"), run => run.Best.TestAccuracy),
            ComplexityFigure.Curves(
                "Complexity on the way", new Axis("geometric complexity", Scale.Log), new ShadeScale("strength"), runs,
                observation => observation.Complexity)),
        ComplexityText.Curves,
        ComplexityText.Bars);
}
