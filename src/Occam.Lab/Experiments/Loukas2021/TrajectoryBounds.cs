using Occam.Theory.Parts;
using Occam.Training.Trajectories;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// How the bounds of Loukas et al. 2021 on the trajectory of the first bias held over a training: for each the least of
/// (larger side − smaller side)/larger side over its windows, negative where it failed.
/// </summary>
/// <param name="Lower">Theorem 1's lower bound.</param>
/// <param name="Upper">Theorem 1's upper bound; 1 where it is vacuous.</param>
/// <param name="Span">Theorem 1's upper bound with the smallest ‖W_1 x‖ over unit x in the data's span in place of σ_n; 1 where it is
/// vacuous, NaN where the data span everything.</param>
/// <param name="Variance">Corollary 2.</param>
/// <param name="Distance">Corollary 3.</param>
/// <param name="Disagreement">The largest relative difference between ‖∂f/∂b_1‖ in closed form and as a difference quotient of the stored
/// biases.</param>
/// <param name="Looseness">Over the whole training: the length over its lower bound, and the upper bound over the length.</param>
internal sealed record TrajectoryBounds(
    double Lower, double Upper, double Span, double Variance, double Distance, double Disagreement,
    (double Lower, double Upper) Looseness)
{
    // Sums of single-precision steps agree to this.
    private const double Rounding = 1e-5;

    /// <summary>Whether a slack is not below zero by more than rounding.</summary>
    public static bool Holds(double slack) => slack >= -Rounding;

    internal static TrajectoryBounds From(Trajectory trajectory, DataSpan? span)
    {
        var windows = trajectory.Windows;
        var bound = 0.0;
        var length = windows.Sum(window => window.Lengths[0]);
        return new TrajectoryBounds(
            windows.Min(window => Slack(window.Lower, window.Lengths[0])),
            windows.Min(window => Slack(window.Lengths[0], window.Upper)),
            span is { IsProper: true } && trajectory.First is { } first
                ? windows.Min(window => Slack(window.Lengths[0], span.Upper(window, first)))
                : double.NaN,
            windows.Min(window => Slack(Math.Pow(window.Drift * window.HarmonicEpsilon, 2), window.Variance)),
            windows.Min(window => Slack(window.Distance, bound += window.DistanceBound)),
            windows.Max(window => window.Disagreement),
            (length / windows.Sum(window => window.Lower), windows.Sum(window => window.Upper) / length));
    }

    private static double Slack(double smaller, double larger) =>
        double.IsPositiveInfinity(larger) ? 1
        : larger > 0 ? (larger - smaller) / larger
        : smaller > 0 ? double.NegativeInfinity
        : 0;
}
