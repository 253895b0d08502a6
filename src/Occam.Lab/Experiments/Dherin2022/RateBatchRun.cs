namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>A training of gc-open-hb at its end.</summary>
/// <param name="Rate">The learning rate h.</param>
/// <param name="Batch">The batch size B.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="TrainingLoss">The mean loss of the last epoch.</param>
/// <param name="Complexity">⟨f, D⟩_G on fixed training points.</param>
internal sealed record RateBatchRun(double Rate, int Batch, int Seed, long Steps, double TrainingLoss, double Complexity)
{
    /// <summary>h/B.</summary>
    public double Ratio => Rate / Batch;
}
