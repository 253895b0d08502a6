using Occam.Training.Trajectories;

namespace Occam.Theory.Loukas2021;

/// <summary>
/// Corollary 2 of Loukas et al. 2021, on every window of a recorded training:
/// avg ‖b_1 − avg b_1‖² ≥ (avg α_t λ_t ε_harm/(2σ_1))², ε_harm² the harmonic mean of ε_t². As printed, with as many biases
/// as steps; the proof's sum on the left has one bias more, which matters in windows of a few steps only.
/// </summary>
public sealed class Loukas2021Corollary2() : Theorem(
    "bth-corollary-2",
    "Variance of the first bias",
    "Loukas et al. 2021, Corollary 2",
    "avg ‖b₁ − avg b₁‖² ≥ (avg α_t λ_t ε_harm/(2σ₁))²",
    TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
{
    private const double TrainingRounding = 1e-4;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var run = context.Run!;
        if (run.BoundsNotApplicable is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        static double Bound(TrajectoryWindow window) => Math.Pow(window.Drift * window.HarmonicEpsilon, 2);
        static bool Holds(TrajectoryWindow window) =>
            Inequality.AtMost("", Bound(window), window.Variance, TrainingRounding).Verdict == InequalityVerdict.Holds;
        var windows = run.Windows.Where(window => Bound(window) > 0).ToArray();
        if (windows.Length == 0)
        {
            return Blank with { NotApplicable = "no step had a gradient" };
        }

        var closest = windows.MaxBy(window => Bound(window) / window.Variance)!;
        var last = windows[^1];
        return Blank with
        {
            Inequalities =
            [
                Inequality.AtMost(
                    $"(avg αλε_harm/2σ₁)² ≤ variance, steps {last.From} to {last.To}, the last", Bound(last), last.Variance,
                    TrainingRounding),
                Inequality.AtMost(
                    $"(avg αλε_harm/2σ₁)² ≤ variance, steps {closest.From} to {closest.To}, where it is closest", Bound(closest),
                    closest.Variance, TrainingRounding),
            ],
            Details = [new("windows", windows.Length), new("windows.holding", windows.Count(Holds))],
        };
    }
}
