using System.Collections.Immutable;
using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Experiments.Complexity;

/// <summary>The raw numbers and the curves of trainings whose transfer was followed.</summary>
internal static class TransferTables
{
    /// <summary>The tables.</summary>
    public static ImmutableArray<RawTable> Of(ImmutableArray<TransferRun> runs) =>
    [
        RawTable.Of(
            "track",
            "what was measured at the recorded steps of each training",
            runs.SelectMany(run => run.Track.Select(point => (Run: run, Point: point))),
            ("depth", row => row.Run.Depth),
            ("seed", row => row.Run.Seed),
            ("step", row => row.Point.Step),
            ("amplifications", row => string.Join(
                ' ', row.Point.Amplifications.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))),
            ("transfer", row => row.Point.Transfer),
            ("parameter_gradient", row => row.Point.ParameterGradient),
            ("geometric_complexity", row => row.Point.Complexity),
            ("gradient_norms", row => row.Point.GradientNorms),
            ("label_alignment", row => row.Point.LabelAlignment),
            ("batch_alignment", row => row.Point.BatchAlignment)),
        RawTable.Of(
            "batches",
            "the relative error of the complexity of random batches at the end of each training",
            runs.SelectMany(run => run.BatchErrors.Select(error => (Run: run, Error: error))),
            ("depth", row => row.Run.Depth),
            ("seed", row => row.Run.Seed),
            ("training_loss", row => row.Run.TrainingLoss),
            ("relative_error", row => row.Error)),
    ];

    /// <summary>A quantity over the steps, a line for each training; before the first step stands at ½.</summary>
    public static Chart Curves(RichText title, Axis y, ImmutableArray<TransferRun> runs, Func<TransferPoint, double> quantity) => new(
        title,
        new Axis("step", Scale.Log),
        y,
        [
            .. runs.Select(run => new Line(
                [.. run.Track.Select(point => Math.Max(point.Step, 0.5))], [.. run.Track.Select(quantity)])
            {
                Name = $"seed {run.Seed}",
            }),
        ]);
}
