using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>
/// Runs of a figure that were made up to test its judges with: for each of its claims some that satisfy it, and some that violate it. A
/// file a figure; <see cref="MadeUpRunsTests"/> finds them.
/// </summary>
internal abstract class MadeUpRuns
{
    /// <summary>The figure's id.</summary>
    public abstract string Figure { get; }

    /// <summary>All cases: what was made up, a claim's id, and the verdict on it.</summary>
    public abstract IEnumerable<(string Name, string Claim, Verdict Expected, Func<VerdictBlock> Judge)> Cases { get; }

    /// <summary>Asserts that the runs are judged alike when they have been a file in between.</summary>
    public abstract void AssertFilesAreJudgedAlike();
}

/// <inheritdoc/>
/// <param name="experiment">The figure.</param>
/// <typeparam name="TRuns">The figure's raw runs.</typeparam>
internal abstract class MadeUpRuns<TRuns>(Experiment<TRuns> experiment) : MadeUpRuns
{
    /// <inheritdoc/>
    public sealed override string Figure => experiment.Id;

    /// <inheritdoc/>
    public sealed override IEnumerable<(string Name, string Claim, Verdict Expected, Func<VerdictBlock> Judge)> Cases =>
        from made in Runs
        from expected in made.Expected
        select (made.Name, expected.Claim, expected.Verdict, (Func<VerdictBlock>)(() =>
            experiment.Verdicts(made.Runs, ExperimentScale.Laptop).Single(block => block.Id == expected.Claim)));

    /// <inheritdoc/>
    public sealed override void AssertFilesAreJudgedAlike() => Assert.All(Runs, made => KeptRuns.AssertJudgedAlike(
        experiment, new RawRuns<TRuns>(Figure, ExperimentScale.Laptop, made.Runs).Write(), ExperimentScale.Laptop,
        experiment.Verdicts(made.Runs, ExperimentScale.Laptop)));

    /// <summary>What was made up, the runs, and the verdicts on the claims that they speak of.</summary>
    protected abstract IEnumerable<(string Name, TRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs { get; }

    /// <summary>Runs of the even seeds of some, three of five, and of the odd seeds of others: what one says the other denies.</summary>
    protected static ImmutableArray<T> Mixed<T>(ImmutableArray<T> even, ImmutableArray<T> odd, Func<T, int> seed) =>
        [.. even.Where(run => seed(run) % 2 == 0), .. odd.Where(run => seed(run) % 2 != 0)];

    /// <summary>Numbers around a centre, one a seed: evenly from centre − spread to centre + spread.</summary>
    protected static double[] Around(double centre, double spread, int seeds = 5) =>
        [.. Enumerable.Range(0, seeds).Select(i => centre + (spread * ((2.0 * i / (seeds - 1)) - 1)))];
}
