namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>A network of the grid on which combinations of sharpness and norm are compared.</summary>
/// <param name="Units">Its hidden units.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Batch">Examples a step.</param>
/// <param name="Noise">The share of its training labels that were drawn at random.</param>
/// <param name="Images">How many images it was trained on, the m of eq. 5.</param>
/// <param name="Norms">Its norms.</param>
/// <param name="Sharpness">Its sharpness.</param>
internal sealed record CombinationRun(
    int Units, double LearningRate, int Batch, double Noise, int Images, NormValues Norms, SharpnessValues Sharpness)
    : NetworkMeasurement(Norms.Trained)
{
    /// <summary>The generalization gap: the share of test errors less that of training errors.</summary>
    public double Gap => Trained.TestError - Trained.TrainingError;
}
