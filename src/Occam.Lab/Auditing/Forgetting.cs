using System.Collections.Immutable;

namespace Occam.Lab.Auditing;

/// <summary>
/// How often examples are forgotten along a trajectory: classified rightly at one moment and wrongly at the next (Toneva et al. 2019). An
/// example that is right at no moment stands behind all others: it is given one more than the moments, as their paper puts it last.
/// </summary>
internal static class Forgetting
{
    /// <summary>How often each example was forgotten; those never learned have the number of moments and one.</summary>
    /// <param name="correct">Whether each example is classified rightly, moment by moment: two moments or more.</param>
    /// <exception cref="OccamException">There is one moment alone, or they are of different examples.</exception>
    public static ImmutableArray<double> Counts(IReadOnlyList<IReadOnlyList<bool>> correct)
    {
        if (correct.Count < 2 || correct.Any(moment => moment.Count != correct[0].Count))
        {
            throw new OccamException(correct.Count < 2
                ? "what is forgotten shows between two moments of a training, and there is one: give several networks"
                : "the moments of a training are of different numbers of examples: give the same for each");
        }

        return
        [
            .. Enumerable.Range(0, correct[0].Count).Select(i => correct.Any(moment => moment[i])
                ? (double)correct.Zip(correct.Skip(1)).Count(pair => pair.First[i] && !pair.Second[i])
                : correct.Count + 1),
        ];
    }
}
