using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Contract;

/// <summary>What figures and verdicts take of runs from several seeds at several levels.</summary>
internal static class SeededRuns
{
    /// <summary>The runs of each level, in the order of the levels.</summary>
    public static IEnumerable<IGrouping<double, T>> ByLevel<T>(this IEnumerable<T> runs)
        where T : ISeededRun =>
        runs.GroupBy(run => run.Level).OrderBy(group => group.Key);

    /// <summary>A number of each run, by level.</summary>
    public static SeedGroup[] Values<T>(this IEnumerable<T> runs, Func<T, double> quantity)
        where T : ISeededRun =>
        [.. runs.ByLevel().Select(group => new SeedGroup(group.First().Group, group.Key, [.. group.Select(quantity)]))];

    /// <summary>A number of each run over its level: all runs, and each level's mean with two standard errors.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="title">The panel's title.</param>
    /// <param name="x">The axis of the levels.</param>
    /// <param name="y">The axis of the numbers.</param>
    /// <param name="quantity">The number of a run; what is not finite, of a diverged run, is left out of the mean.</param>
    /// <param name="shaded">Whether the means are coloured and named by their level.</param>
    public static Chart Ends<T>(this IReadOnlyList<T> runs, RichText title, Axis x, Axis y, Func<T, double> quantity, bool shaded = false)
        where T : ISeededRun =>
        new(title, x, y,
        [
            new Dots(
                [.. runs.Select(run => run.Level)], [.. runs.Select(quantity)]) { Name = "a training", Tone = Tone.Gray, Hollow = true },
            .. runs.Values(quantity).Select(group => group.Finite).Where(group => group.Values.Count > 0).Select(group =>
            {
                var mean = new ErrorBars([group.Level], [group.Values.Average()], [2 * group.Mean.StandardError]);
                return shaded
                    ? mean with { Name = group.Name, Shade = group.Level }
                    : mean with { Name = "mean ± 2 standard errors", Tone = Tone.Blue };
            }),
        ])
        {
            Shade = shaded ? new ShadeScale(x.Label) : null,
        };
}
