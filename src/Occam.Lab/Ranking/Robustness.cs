using System.Collections.Immutable;

namespace Occam.Lab.Ranking;

/// <summary>
/// Whether a measure orders runs in the same sense whatever one hyperparameter, or the seed, is held at: Kendall's τ among the runs of each
/// value of each. Many measures do not: their correlation comes from what was swept, and another learning rate or optimizer turns
/// it round (Gastpar et al. 2024; Dziugaite et al. 2020 ask the same of single pairs of settings, by the sign error).
/// </summary>
/// <param name="Parts">τ by hyperparameter and value, where at least <see cref="FewestRuns"/> runs have it.</param>
/// <param name="Whole">The sign of τ over all runs: 1, −1, or 0.</param>
public sealed record Robustness(ImmutableArray<SubsetTau> Parts, int Whole)
{
    /// <summary>Fewer runs than this say too little: of five, chance puts all in order in one case of sixty.</summary>
    public const int FewestRuns = 5;

    /// <summary>How many of the parts have τ of the sign that it has over all runs.</summary>
    public int Kept => Parts.Count(part => Whole != 0 && Math.Sign(part.Tau) == Whole);

    /// <summary>The part that goes most against the whole: the least of sign · τ. Null where there are no parts.</summary>
    public SubsetTau? Worst => Parts.IsEmpty ? null : Parts.MinBy(part => (Whole == 0 ? 1 : Whole) * part.Tau);

    /// <summary>Whether every part has the sign of the whole; null where there are no parts to tell, or no sign to keep.</summary>
    public bool? IsKept => Parts.IsEmpty || Whole == 0 ? null : Kept == Parts.Length;

    /// <summary>Of a measure over a table of runs.</summary>
    public static Robustness Compute(RunTable table, string measure)
    {
        var whole = table.For(measure);
        return new Robustness(
            [
                .. from axis in table.Hyperparameters
                       .Select((name, i) => (Name: name, Of: (Func<RunRow, string?>)(row => row.Hyperparameters[i])))
                       .Append(("seed", row => row.Seed))
                   let settings = table.Rows.Where(row => axis.Of(row) is not null).GroupBy(row => axis.Of(row)!).ToArray()
                   where settings.Length > 1
                   from setting in settings
                   let sample = new RunTable(table.Hyperparameters, [.. setting]).For(measure)
                   where sample.Count >= FewestRuns
                   select new SubsetTau(axis.Name, setting.Key, sample.Count, KendallTau.Compute(sample)!.Value),
            ],
            Math.Sign(KendallTau.Compute(whole) ?? 0));
    }
}
