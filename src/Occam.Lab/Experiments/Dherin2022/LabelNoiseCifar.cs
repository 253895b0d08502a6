using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-3-noise-cifar: Figure 3, middle, of Dherin et al. 2022: label noise and ResNet-18 on CIFAR-10 (<see cref="ResNetTask"/>).
/// </summary>
internal sealed class LabelNoiseCifar() : LabelNoiseExperiment(
    "gc-3-noise-cifar",
    "Label noise lowers the geometric complexity of ResNet-18",
    "Figure 3, middle",
    ResNetTask.DataSets)
{
    private const double Share = 0.6;

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) =>
        ResNetTask.Size(scale, $"{Count(scale)} kinds of label noise", Count(scale), Share);

    private protected override ComplexityTask Task(ExperimentContext context)
    {
        var task = ResNetTask.Create(context, Share);
        return task with { Described = task.Described.AddRange(ResNetTask.Step(context.Scale)) };
    }
}
