namespace Occam.Lab.Experiments.Complexity;

/// <summary>What was observed at a step of a training.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="TrainingLoss">The mean loss of the steps since the observation before; NaN before the first step.</param>
/// <param name="TestLoss">The loss on the test data.</param>
/// <param name="TestAccuracy">The share of the test data classified correctly.</param>
/// <param name="Complexity">The geometric complexity on the fixed training points, estimated.</param>
internal sealed record ComplexityObservation(long Step, double TrainingLoss, double TestLoss, double TestAccuracy, double Complexity);
