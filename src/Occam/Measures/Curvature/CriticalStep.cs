namespace Occam.Measures.Curvature;

/// <summary>
/// The smallest step along a direction at which a loss is higher than where it stands, between two steps that were tried. From a first
/// guess it is doubled until the loss rises, or halved until it doesn't, and the interval halved until it is small enough (Kalra et al.
/// 2026). A rise that is over before the next step tried isn't seen.
/// </summary>
/// <param name="Low">A step at which the loss hasn't risen.</param>
/// <param name="High">A step at which it has.</param>
/// <param name="Evaluations">How often the loss was computed.</param>
internal readonly record struct CriticalStep(double Low, double High, int Evaluations)
{
    private const int MostDoublings = 60;

    /// <summary>Looks for it; null where the loss never rises, or does at every step.</summary>
    /// <param name="loss">The loss at a step; what is no number counts as risen.</param>
    /// <param name="own">The loss where it stands.</param>
    /// <param name="guess">The first step to try.</param>
    /// <param name="tolerance">High − Low over High at the end, at most.</param>
    public static CriticalStep? Search(Func<double, double> loss, double own, double guess, double tolerance)
    {
        var evaluations = 0;
        bool Rises(double step)
        {
            evaluations++;
            return !(loss(step) <= own);
        }

        var (low, high) = (guess, guess);
        var rises = Rises(guess);
        for (var doublings = 0; low == high; doublings++)
        {
            if (doublings == MostDoublings)
            {
                return null;
            }

            var next = rises ? low / 2 : high * 2;
            var nextRises = Rises(next);
            (low, high) = nextRises == rises ? (next, next) : rises ? (next, high) : (low, next);
        }

        while (high - low > tolerance * high)
        {
            var middle = (low + high) / 2;
            (low, high) = Rises(middle) ? (low, middle) : (middle, high);
        }

        return new CriticalStep(low, high, evaluations);
    }
}
