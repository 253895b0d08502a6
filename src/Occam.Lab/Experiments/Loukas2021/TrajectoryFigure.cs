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
    private const int MostRows = 1000;

    /// <summary>What the lines and bands of the panels are.</summary>
    public static Prose Lines { get; } = new("Lines are means over the seeds, bands one standard error to each side.");

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

    /// <summary>A dot for each training, coloured by its level.</summary>
    public static Chart Against(
        RichText title, Axis x, Axis y, string level, IReadOnlyList<TrajectoryRun> runs, Func<TrajectoryRun, double> horizontal,
        Func<TrajectoryRun, double> vertical) =>
        new(title, x, y, [.. runs.ByLevel().Select(group =>
            new Dots([.. group.Select(horizontal)], [.. group.Select(vertical)])
            {
                Name = group.First().Group,
                Shades = [.. group.Select(run => run.Level)],
            })])
        {
            Shade = new ShadeScale(level),
        };

    /// <summary>All curves as a table: every window, or about a thousand of them.</summary>
    public static RawTable Table(string name, IReadOnlyList<TrajectoryRun> runs)
    {
        var stride = Math.Max(1, runs[0].Steps.Length / MostRows);
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

    /// <summary>The numbers of each training that verdicts follow from, as a table.</summary>
    public static RawTable EndTable(string name, IReadOnlyList<TrajectoryRun> runs) => RawTable.Of(
        name,
        "the numbers of each training that verdicts follow from; at the end is over the last tenth of the windows, the variance and the "
            + "distance over the last ten",
        runs,
        ("group", run => run.Group),
        ("level", run => run.Level),
        ("seed", run => run.Seed),
        ("loss_of_best_constant", run => run.ConstantLoss),
        ("training_loss_at_the_end", run => run.EndTrainingLoss),
        ("part_of_best_constants_loss", run => TrainingFit.Left(run)),
        ("windows_until_fitted", run => TrainingFit.Windows(run)),
        ("test_loss_at_the_end", run => run.EndTestLoss),
        ("bias_trajectory_at_the_end", run => run.EndLength),
        ("bias_trajectory_total", run => run.TotalLength),
        ("bias_variance", run => run.Variance),
        ("distance_to_initialization", run => run.EndDistance));

    /// <summary>By how much the theorems' inequalities hold in each training, as a table.</summary>
    public static RawTable BoundTable(string name, IReadOnlyList<TrajectoryRun> runs) => RawTable.Of(
        name,
        "the least slack of each inequality over the windows of each training, as a part of its larger side; below 0 where it fails",
        from run in runs where run.Bounds is not null select (Run: run, Bounds: run.Bounds!),
        ("group", row => row.Run.Group),
        ("seed", row => row.Run.Seed),
        ("windows", row => row.Run.Steps.Length),
        ("theorem_1_lower", row => row.Bounds.Lower),
        ("theorem_1_upper", row => row.Bounds.Upper),
        ("theorem_1_upper_on_the_span", row => row.Bounds.Span),
        ("length_over_lower_bound", row => row.Bounds.Looseness.Lower),
        ("upper_bound_over_length", row => row.Bounds.Looseness.Upper),
        ("corollary_2", row => row.Bounds.Variance),
        ("corollary_3", row => row.Bounds.Distance),
        ("disagreement_of_stored_steps", row => row.Bounds.Disagreement));

    // The mean of what falls on a point: a curve of three thousand epochs is noisier than a page shows.
    private static double[] Thinned(IReadOnlyList<double> values, int stride) =>
        [.. Enumerable.Range(0, values.Count / stride).Select(i => Enumerable.Range(i * stride, stride).Average(j => values[j]))];
}
