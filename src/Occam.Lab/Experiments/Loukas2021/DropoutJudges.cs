using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>Both sides of Theorem 3 of Loukas et al. 2021 over the trainings that meet its hypotheses.</summary>
internal static class DropoutJudges
{
    private const double Rounding = 1e-9;

    /// <summary>That λ_f is at most λ_steady.</summary>
    public static Finding LipschitzIsBounded(IReadOnlyList<DropoutRun> runs)
    {
        var covered = Covered(runs);
        double[] looseness = [.. covered.Select(run => run.Steady / run.Lipschitz).Where(double.IsFinite)];
        var loose = looseness.Length > 0 ? $", which is {Numbers.Format(looseness.Min(), 2)} times as large or more" : "";
        return InAll(
            "λ_f is at most λ_steady" + loose, covered, Seeds(runs, covered), run => (run.Steady * (1 + Rounding)) - run.Lipschitz,
            Range("λ_steady over λ_f", covered.Select(run => run.Steady / run.Lipschitz))).If(covered.Length > 0, Uncovered(runs));
    }

    /// <summary>That the errors on training and test data differ by no more than the bound, where the bound says anything.</summary>
    public static Finding ErrorIsBounded(IReadOnlyList<DropoutRun> runs)
    {
        var covered = Covered(runs);
        DropoutRun[] telling = [.. covered.Where(run => run.Bound < 1)];
        return InAll("the errors differ by no more than the bound", telling, Seeds(runs, covered, telling), run => run.Bound - run.Gap,
            [
                .. Range("bound", covered.Select(run => run.Bound)),
                .. Range("difference of the errors", covered.Select(run => run.Gap)),
            ]).If(
                telling.Length > 0,
                covered.Length == 0
                    ? Uncovered(runs)
                    : $"the bound is vacuous in all {covered.Length} trainings, {Numbers.Format(covered.Min(run => run.Bound), 2)} at "
                        + "least, where shares of errors never differ by more than 1");
    }

    private static DropoutRun[] Covered(IReadOnlyList<DropoutRun> runs) => [.. runs.Where(run => run.IsCovered)];

    // One that fails refutes it; one of which a side isn't known leaves it open.
    private static Finding InAll(
        string what, DropoutRun[] runs, int seeds, Func<DropoutRun, double> slack, IReadOnlyList<Fact> facts) => Judge.Holds(
        runs.Any(run => slack(run) < 0) ? false : runs.Length == 0 || runs.Any(run => double.IsNaN(slack(run))) ? null : true,
        runs.Length == 0
            ? "No training is left to judge it by"
            : $"In {runs.Count(run => slack(run) >= 0)} of the {runs.Length} trainings that it is about, {what}",
        seeds,
        facts);

    // Of the last of some ever smaller sets of trainings that has any: where none is left to judge by, it isn't for want of seeds.
    private static int Seeds(params IReadOnlyList<DropoutRun>[] sets) =>
        sets.Last(set => set.Count > 0).Select(run => run.Seed).Distinct().Count();

    private static string Uncovered(IReadOnlyList<DropoutRun> runs)
    {
        var most = runs.SelectMany(run => run.Broken).CountBy(hypothesis => hypothesis).OrderByDescending(pair => pair.Value).ToArray();
        return $"the theorem is about none of the {runs.Count} trainings"
            + (most.Length == 0 ? "" : $"; {most[0].Key} fails in {most[0].Value}");
    }

    private static IReadOnlyList<Fact> Range(string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 0 ? [] : [new Fact(name, $"{Numbers.Format(all.Min(), 3)} to {Numbers.Format(all.Max(), 3)}")];
    }
}
