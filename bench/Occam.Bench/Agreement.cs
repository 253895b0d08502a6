namespace Occam.Bench;

/// <summary>How far both sides' values are apart: every row has to compute the same on both.</summary>
/// <param name="Difference">The largest relative difference of values that are exact on both sides; null where there are none.</param>
/// <param name="StandardErrors">The largest difference, in standard errors, of values that were drawn; null where there are none.</param>
/// <param name="Missed">What is wrong; empty where the values agree.</param>
internal sealed record Agreement(double? Difference, double? StandardErrors, IReadOnlyList<string> Missed)
{
    // One row in some ten thousand would be taken for wrong by chance.
    private const double MostStandardErrors = 4;

    /// <summary>Compares.</summary>
    /// <param name="occam">Occam's answer.</param>
    /// <param name="peers">The peers': one, or those that make the work together, whose values follow each other.</param>
    /// <param name="tolerance">How far exact values may be apart, relatively.</param>
    public static Agreement Of(Answer occam, IReadOnlyList<Answer> peers, double tolerance)
    {
        double[] theirs = [.. peers.SelectMany(peer => peer.Values)];
        double[] errors = [.. peers.SelectMany(peer => peer.Values.Select((_, i) => peer.ErrorOf(i)))];
        if (theirs.Length == 0 || occam.Values.Length != theirs.Length)
        {
            return new Agreement(null, null, [$"{occam.Values.Length} values can't be compared with {theirs.Length}"]);
        }

        var (differences, byErrors) = (new List<double>(), new List<double>());
        for (var i = 0; i < theirs.Length; i++)
        {
            var error = Math.Sqrt(Math.Pow(occam.ErrorOf(i), 2) + Math.Pow(errors[i], 2));
            var apart = Math.Abs(occam.Values[i] - theirs[i]);
            (error == 0 ? differences : byErrors).Add(error != 0 ? apart / error : apart == 0 ? 0 : apart / Math.Abs(theirs[i]));
        }

        double? difference = differences.Count > 0 ? differences.Max() : null, standardErrors = byErrors.Count > 0 ? byErrors.Max() : null;

        // Written so that what is no number is missed, too.
        return new Agreement(difference, standardErrors,
        [
            .. differences.TrueForAll(value => value <= tolerance) ? (string[])[] : [$"the values differ by {difference:0.0e+0}"],
            .. byErrors.TrueForAll(value => value <= MostStandardErrors)
                ? (string[])[]
                : [$"the values differ by {standardErrors:0.0} standard errors"],
        ]);
    }
}
