using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-3-noise-mnist: Figure 3, right, of Dherin et al. 2022: label noise and a perceptron on MNIST (<see cref="MlpTask"/>).
/// </summary>
internal sealed class LabelNoiseMnist() : LabelNoiseExperiment(
    "gc-3-noise-mnist",
    "Label noise lowers the geometric complexity of a perceptron",
    "Figure 3, right",
    MlpTask.DataSets)
{
    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => MlpTask.Size(scale, $"{Count(scale)} kinds of label noise", Count(scale));

    private protected override ComplexityTask Task(ExperimentContext context) => MlpTask.Create(context);
}
