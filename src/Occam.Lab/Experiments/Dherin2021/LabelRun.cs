using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>A training of gor-open-labels. What is measured is a mean over networks of its last tenth.</summary>
/// <param name="Rate">The learning rate h.</param>
/// <param name="Pressure">hσ², the learning rate times the variance of the noise on the labels.</param>
/// <param name="Seed">The seed of the weights, of the noise and of the training.</param>
/// <param name="Loss">The mean squared error at the ten points, without noise.</param>
/// <param name="Complexity">The geometric complexity at the ten points.</param>
/// <param name="Gradient">The mean of ‖∇_θ f‖² over the ten points.</param>
internal sealed record LabelRun(double Rate, double Pressure, int Seed, double Loss, double Complexity, double Gradient) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => FormattableString.Invariant($"hσ² = {Pressure:G3}");

    /// <inheritdoc/>
    public double Level => Pressure;

    /// <summary>σ, the standard deviation of the noise on the labels.</summary>
    public double Sigma => Math.Sqrt(Pressure / Rate);
}
