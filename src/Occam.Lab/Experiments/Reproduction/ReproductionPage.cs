using System.Globalization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Reproduction;

/// <summary>The page of any experiment: verdicts first, then the figure, then exactly how it was done.</summary>
public static class ReproductionPage
{
    /// <summary>Makes the page.</summary>
    public static Page Of(ReproducedExperiment reproduced)
    {
        var (experiment, context, outcome) = (reproduced.Experiment, reproduced.Context, reproduced.Outcome);
        return new Page(
            outcome.Headline,
            outcome.Summary,
            [
                .. context.Substitutes.Select(line => new Note(line)),
                .. outcome.Remarks.Select(remark => new Note(remark)),
                .. outcome.Verdicts.Length == 0
                    ? Array.Empty<Block>()
                    : [new Section("What is claimed", [.. outcome.Verdicts])],
                .. outcome.Panels,
                Configuration(outcome),
                new Section("The run",
                [
                    .. context.OpenedData.Count > 0
                        ? [new Prose([.. context.OpenedData.Select(line => (RichText)line)])]
                        : Array.Empty<Block>(),
                    Facts(reproduced),
                ]),
                new Section("Raw data", new FileLinks(
                [
                    .. outcome.Tables.Select(table => new Fact(table.FileName, table.Description)),
                    new Fact(
                        Reproduction.RawRunsName,
                        "the runs that the verdicts follow from, in full; occam judge has the verdicts again from it"),
                    new Fact(Reproduction.RecordName, "verdicts, statistics, configuration and environment, for programs"),
                ])),
            ])
        {
            Command = reproduced.Command,
            Kicker = $"{experiment.Paper} · {experiment.Figure} · {experiment.Id}",
            Written = reproduced.Written,
        };
    }

    /// <summary>Where a setting comes from, in words.</summary>
    public static string Describe(Origin origin) => origin switch
    {
        Origin.Stated => "stated in the paper",
        Origin.Code => "authors’ code",
        Origin.Chosen => "chosen here",
        Origin.Run => "this run",
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    private static Section Configuration(ExperimentOutcome outcome) => new("Configuration",
    [
        Table.Of(
            outcome.Settings, ("Setting", setting => setting.Name), ("Value", setting => setting.Value),
            ("Where from", setting => Describe(setting.Origin))),
        .. outcome.Configuration is { } text ? [new CodeText(text)] : Array.Empty<Block>(),
    ]);

    private static FactList Facts(ReproducedExperiment reproduced)
    {
        var (context, environment) = (reproduced.Context, reproduced.Environment);
        return new FactList(
        [
            new Fact("scale", $"{context.Scale.Name()}: {reproduced.Experiment.Size(context.Scale).Description}"),
            new Fact("seeds", string.Join(", ", context.Seeds)),
            new Fact("took", $"{Duration(reproduced.Took)}, {Duration(reproduced.Processor)} of all processors together"),
            new Fact("device", $"{context.Device}, {context.Threads} side by side, {context.Precision.Name}"),
            new Fact("Occam", environment.Occam),
            new Fact("libtorch", environment.Libtorch),
            new Fact("runtime", environment.Runtime),
            new Fact("system", environment.System),
            new Fact("processor", $"{environment.Processor}, {environment.Cores} threads"),
        ]);
    }

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
    };
}
