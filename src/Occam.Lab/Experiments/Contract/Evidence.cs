using Occam.Lab.Significance;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// What runs say of a claim, as two p-values: how probable numbers like these are at most if the claim is false, and if it is true. Both
/// may be large: then the runs decide nothing.
/// </summary>
/// <param name="For">The p-value of the null hypothesis that the claim is false; small where the runs speak for it.</param>
/// <param name="Against">The p-value of the null hypothesis that the claim is true; small where they speak against it.</param>
public readonly record struct Evidence(double For, double Against)
{
    /// <summary>A p-value at most this, adjusted for the number of claims, decides.</summary>
    public const double Level = 0.05;

    /// <summary>The claim holds in every case, and no chance was involved.</summary>
    public static Evidence Holds { get; } = new(0, 1);

    /// <summary>The claim fails, and no chance was involved.</summary>
    public static Evidence Fails { get; } = new(1, 0);

    /// <summary>Nothing is known.</summary>
    public static Evidence None { get; } = new(1, 1);

    /// <summary>Whether a test that can err speaks here: certain or absent evidence needs no correction.</summary>
    public bool IsTest => this is not ({ For: 0 or 1, Against: 0 or 1 });

    /// <summary>
    /// That a number lies between two bounds: for it the larger p-value of two one-sided tests speaks, against it the smaller one of the
    /// opposite tests, twice.
    /// </summary>
    public static Evidence Within(StudentEstimate number, double lower, double upper) => new(
        Math.Max(number.IsAbove(lower), number.IsBelow(upper)),
        Math.Min(1, 2 * Math.Min(number.IsBelow(lower), number.IsAbove(upper))));

    /// <summary>The share of trainings that may be beyond a bound where "every training" is said to be within it.</summary>
    internal const double FewTrainings = 0.1;

    /// <summary>
    /// That every training stays at or below a bound. Where all that were made do, others may not: for it speaks the test that fewer than
    /// <see cref="FewTrainings"/> of all would be beyond, from the spread of those that were made. One that doesn't refutes it, or where
    /// <paramref name="oneRefutes"/> is false only all of them do.
    /// </summary>
    public static Evidence InEvery(IReadOnlyList<double> values, double bound, bool oneRefutes)
    {
        var above = values.Count(value => value > bound);
        return values.All(value => value <= bound) ? new(ToleranceLimit.PValue(values, bound, FewTrainings), 1)
            : above == values.Count || (oneRefutes && above > 0) ? Fails
            : None;
    }

    /// <summary>
    /// That of several claims at once: against "one at least is false" the largest p-value speaks (Berger's intersection–union test);
    /// against "all are true" the smallest, times their number (Bonferroni).
    /// </summary>
    public static Evidence All(IReadOnlyCollection<Evidence> parts) =>
        new(parts.Max(part => part.For), Math.Min(1, parts.Count * parts.Min(part => part.Against)));

    /// <summary>
    /// That one of several claims holds at least: for it the smallest p-value speaks, times their number; against it the largest, for all
    /// of them have to fail. The mirror image of <see cref="All"/>.
    /// </summary>
    public static Evidence Any(IReadOnlyCollection<Evidence> parts) =>
        new(Math.Min(1, parts.Count * parts.Min(part => part.For)), parts.Max(part => part.Against));
}
