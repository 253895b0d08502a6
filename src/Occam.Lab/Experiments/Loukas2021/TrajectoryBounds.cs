using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// How the bounds of Loukas et al. 2021 on the trajectory of the first bias held over a training: for each the least of
/// (larger side − smaller side)/larger side over its windows, negative where it failed.
/// </summary>
/// <param name="Lower">Theorem 1's lower bound.</param>
/// <param name="Upper">Theorem 1's upper bound; 1 where it is vacuous.</param>
/// <param name="Equality">The largest relative difference of both sides of Lemma 1, summed over a window.</param>
/// <param name="Variance">Corollary 2.</param>
/// <param name="Distance">Corollary 3.</param>
/// <param name="Disagreement">The largest relative difference between ‖∂f/∂b_1‖ in closed form and as a difference quotient of the stored
/// biases.</param>
internal sealed record TrajectoryBounds(double Lower, double Upper, double Equality, double Variance, double Distance, double Disagreement)
{
    // Sums of single-precision steps agree to this.
    private const double Rounding = 1e-5;

    public static TrajectoryBounds From(Trajectory trajectory)
    {
        var windows = trajectory.Windows;
        var bound = 0.0;
        return new TrajectoryBounds(
            windows.Min(window => Slack(window.Lower, window.Lengths[0])),
            windows.Min(window => double.IsPositiveInfinity(window.Upper) ? 1 : Slack(window.Lengths[0], window.Upper)),
            windows.Max(window => Math.Abs(Slack(window.Lower, window.Lengths[0]))),
            windows.Min(window => Slack(Math.Pow(window.Drift * window.HarmonicEpsilon, 2), window.Variance)),
            windows.Min(window => Slack(window.Distance, bound += window.DistanceBound)),
            windows.Max(window => window.Disagreement));
    }

    /// <summary>Whether a slack is not below zero by more than rounding.</summary>
    public static bool Holds(double slack) => slack >= -Rounding;

    private static double Slack(double smaller, double larger) =>
        larger > 0 ? (larger - smaller) / larger : smaller > 0 ? double.NegativeInfinity : 0;
}
