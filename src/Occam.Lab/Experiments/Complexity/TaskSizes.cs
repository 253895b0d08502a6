using Occam.Lab.Experiments.Contract;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>What a training is at a scale.</summary>
/// <param name="Width">Channels of the first stage, or units of a layer.</param>
/// <param name="Images">Training images.</param>
/// <param name="TestImages">Test images.</param>
/// <param name="Points">Training images on which the complexity is measured.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Steps">Steps.</param>
/// <param name="ObservationCount">How often a training is observed.</param>
/// <param name="Seeds">Seeds.</param>
internal sealed record TaskSizes(int Width, int Images, int TestImages, int Points, int Batch, long Steps, int ObservationCount, int Seeds)
{
    /// <summary>Plain gradient descent on the cross-entropy.</summary>
    public TrainingSettings Settings(ExperimentContext context, double rate) => new()
    {
        Loss = new CrossEntropy(),
        Optimizer = new Sgd(rate),
        BatchSize = Batch,
        Steps = Steps,
        MixedPrecision = context.Precision == Precision.BFloat16,
    };
}
