using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// A training with noise on its inputs, or with the penalty that such noise is said to be. All is a mean over networks of its last tenth.
/// </summary>
/// <param name="Sigma">The noise's standard deviation σ; of a penalty σ²/2 is its strength.</param>
/// <param name="IsPenalized">Whether it has the penalty in place of the noise.</param>
/// <param name="Seed">The seed of the weights and of the training.</param>
/// <param name="Loss">The mean squared error at the ten points, without noise.</param>
/// <param name="Complexity">The geometric complexity at the ten points.</param>
/// <param name="Values">The learned function on an even grid of [−1, 1].</param>
internal sealed record NoiseRun(
    double Sigma, bool IsPenalized, int Seed, double Loss, double Complexity, ImmutableArray<double> Values) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => FormattableString.Invariant($"σ = {Sigma:G3}");

    /// <inheritdoc/>
    public double Level => Sigma;

    /// <summary>How far two learned functions are from each other, the root of the mean square over the grid.</summary>
    public double DistanceTo(NoiseRun other) =>
        Math.Sqrt(Values.Zip(other.Values, (own, others) => (own - others) * (own - others)).Average());
}
