using MathNet.Numerics.Distributions;
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
    public static Evidence Holds { get; } = new(0, 1) { IsTest = false };

    /// <summary>The claim fails, and no chance was involved.</summary>
    public static Evidence Fails { get; } = new(1, 0) { IsTest = false };

    /// <summary>Nothing is known.</summary>
    public static Evidence None { get; } = new(1, 1);

    /// <summary>
    /// Whether it is by a test that can err, and counts among a figure's tests whatever came of it: where only tests with one outcome
    /// counted, their number would depend on chance, and the correction for it would be too small.
    /// </summary>
    public bool IsTest { get; init; } = true;

    /// <summary>
    /// That a number lies between two bounds: for it the larger p-value of two one-sided tests speaks, against it the smaller one of the
    /// opposite tests, twice.
    /// </summary>
    public static Evidence Within(StudentEstimate number, double lower, double upper) => new(
        Math.Max(number.IsAbove(lower), number.IsBelow(upper)),
        Math.Min(1, 2 * Math.Min(number.IsBelow(lower), number.IsAbove(upper))));

    /// <summary>The share of trainings that may be beyond a bound where "every training" is said to be within it.</summary>
    internal const double FewTrainings = 0.1;

    // Of a bound: what is nearer to 0 has nothing to say of how far the others are from the bound.
    private const double FarBelow = 1e-3;

    /// <summary>
    /// That a positive number of every training stays at or below a bound. Where all that were made do, others may not: for it speaks the
    /// test that fewer than <see cref="FewTrainings"/> of all would be beyond, from the spread of the logarithms of those that were made;
    /// maxima and ratios are nearer to lognormal than to normal numbers. One that doesn't refutes it; where <paramref name="oneRefutes"/>
    /// is false, that so many of those that were made are beyond if <see cref="FewTrainings"/> of all are (the binomial test).
    /// </summary>
    /// <param name="values">The number of each training; what is far below the bound, or no logarithm has, counts as far below.</param>
    /// <param name="bound">The bound, above 0.</param>
    /// <param name="oneRefutes">Whether one training beyond the bound refutes it.</param>
    public static Evidence InEvery(IReadOnlyList<double> values, double bound, bool oneRefutes)
    {
        var above = values.Count(value => value > bound);
        return values.All(value => value <= bound)
                ? new(ToleranceLimit.PValue([.. values.Select(value => Math.Log(Math.Max(value / bound, FarBelow)))], 0, FewTrainings), 1)
            : oneRefutes && above > 0 ? new(1, 0)
            : new(1, above == 0 ? 1 : 1 - Binomial.CDF(FewTrainings, values.Count, above - 1));
    }

    /// <summary>
    /// What nine of ten of all trainings stay below, with 95 % confidence, by the spread of the logarithms of those that were made: the
    /// bound at which <see cref="InEvery"/> has a p-value of <see cref="Level"/>. NaN where one of them is no positive number.
    /// </summary>
    /// <param name="values">The number of each training.</param>
    internal static double LimitOfMost(IReadOnlyList<double> values) => values.All(value => value > 0)
        ? Math.Exp(ToleranceLimit.UpperLimit([.. values.Select(value => Math.Log(value))], FewTrainings, Level))
        : double.NaN;

    /// <summary>
    /// That a factor of every training is at most a bound, and at least its inverse: <see cref="InEvery"/> to both sides, of which each may
    /// have half of <see cref="FewTrainings"/> beyond it. One training outside refutes it.
    /// </summary>
    /// <param name="factors">The factor of each training.</param>
    /// <param name="bound">The bound, above 1.</param>
    internal static Evidence NearOneInEvery(IReadOnlyList<double> factors, double bound)
    {
        double[] logarithms = [.. factors.Select(factor => Math.Log(factor))];
        double Beyond(double sign) =>
            ToleranceLimit.PValue([.. logarithms.Select(value => sign * value)], Math.Log(bound), FewTrainings / 2);
        return logarithms.All(value => Math.Abs(value) <= Math.Log(bound)) ? new(Math.Max(Beyond(1), Beyond(-1)), 1)
            : logarithms.Any(value => Math.Abs(value) > Math.Log(bound)) ? new(1, 0)
            : None;
    }

    /// <summary>
    /// That of several claims at once: against "one at least is false" the largest p-value speaks (Berger's intersection–union test);
    /// against "all are true" the smallest, times their number (Bonferroni).
    /// </summary>
    public static Evidence All(IReadOnlyCollection<Evidence> parts) =>
        new(parts.Max(part => part.For), Math.Min(1, parts.Count * parts.Min(part => part.Against)))
        {
            IsTest = parts.Any(part => part.IsTest),
        };

    /// <summary>
    /// That one of several claims holds at least: for it the smallest p-value speaks, times their number; against it the largest, for all
    /// of them have to fail. The mirror image of <see cref="All"/>.
    /// </summary>
    public static Evidence Any(IReadOnlyCollection<Evidence> parts) =>
        new(Math.Min(1, parts.Count * parts.Min(part => part.For)), parts.Max(part => part.Against))
        {
            IsTest = parts.Any(part => part.IsTest),
        };
}
