using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>
/// The panels of the paper's figures: a quantity over the training for each group, the mean of the seeds in a band, from green to red with
/// complexity.
/// </summary>
internal static class TrajectoryFigure
{
    private const int MostPoints = 240;

    /// <summary>A panel.</summary>
    public static Chart Panel(
        RichText title, string x, Axis y, string level, IReadOnlyList<TrajectoryRun> runs,
        Func<TrajectoryRun, IReadOnlyList<double>> quantity, double unit = 1)
    {
        var count = runs[0].Steps.Length;
        var stride = Math.Max(1, (count + MostPoints - 1) / MostPoints);
        double[] places = [.. Enumerable.Range(0, count / stride).Select(i => runs[0].Steps[(i * stride) + stride - 1] / unit)];
        return new Chart(title, new Axis(x), y, [.. runs.ByLevel().SelectMany(group => SeedCurve.Of(
            group.First().Group,
            places,
            [.. group.Select(run => Thinned(quantity(run), stride))],
            group.Key,
            standardErrors: 1))])
        {
            Shade = new ShadeScale(level),
        };
    }

    /// <summary>All curves as a table.</summary>
    public static RawTable Table(string name, IReadOnlyList<TrajectoryRun> runs)
    {
        var stride = Math.Max(1, runs[0].Steps.Length / 1000);
        return RawTable.Of(
            name,
            "loss, normalized trajectory length of the first bias and its distance to initialization in each window of each training",
            from run in runs
            let totals = run.TotalLengths
            from i in Enumerable.Range(0, run.Steps.Length)
            where (i + 1) % stride == 0
            select (Run: run, Index: i, Total: totals[i]),
            ("group", row => row.Run.Group),
            ("seed", row => row.Run.Seed),
            ("step", row => row.Run.Steps[row.Index]),
            ("training_loss", row => row.Run.TrainingLoss[row.Index]),
            ("test_loss", row => row.Run.TestLoss[row.Index]),
            ("bias_trajectory", row => row.Run.Lengths[row.Index][0]),
            ("bias_trajectory_total", row => row.Total),
            ("distance_to_initialization", row => row.Run.Distance[row.Index]));
    }

    /// <summary>What each training ended with, as a table.</summary>
    public static RawTable EndTable(string name, IReadOnlyList<TrajectoryRun> runs) => RawTable.Of(
        name,
        "what each training ended with",
        runs,
        ("group", run => run.Group),
        ("seed", run => run.Seed),
        ("training_loss", run => run.TrainingLoss[^1]),
        ("test_loss", run => run.TestLoss[^1]),
        ("bias_variance", run => run.Variance),
        ("distance_to_initialization", run => run.Distance[^1]),
        ("bias_trajectory_total", run => run.TotalLengths[^1]));

    // The mean of what falls on a point: a curve of three thousand epochs is noisier than a page shows.
    private static double[] Thinned(IReadOnlyList<double> values, int stride) =>
        [.. Enumerable.Range(0, values.Count / stride).Select(i => Enumerable.Range(i * stride, stride).Average(j => values[j]))];
}
