namespace Occam.Lab.Experiments.Complexity;

/// <summary>A trained network, measured exactly.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="TestAccuracy">The share of the test data classified correctly.</param>
/// <param name="TestLoss">The loss on the test data.</param>
/// <param name="Complexity">⟨f, D⟩_G on the fixed training points.</param>
/// <param name="Slope">‖∇_θ L‖² on them.</param>
internal sealed record ComplexityMeasurement(long Step, double TestAccuracy, double TestLoss, double Complexity, double Slope)
{
    /// <summary>What a training that diverged leaves.</summary>
    public static ComplexityMeasurement None { get; } = new(0, double.NaN, double.NaN, double.NaN, double.NaN);
}
