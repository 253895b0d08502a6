using System.Text.Json.Serialization;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Occam.Lab.Documents;

/// <summary><c>experiment.json</c>, which <c>occam reproduce</c> writes beside the page: an experiment's verdicts for programs.</summary>
/// <param name="Id">The experiment's id.</param>
/// <param name="Title">The experiment's title.</param>
/// <param name="Paper">The paper.</param>
/// <param name="Figure">The figure of the paper.</param>
/// <param name="Scale">How large it was run.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Data">The data sets that were opened, a line each.</param>
/// <param name="Remarks">What has to be known before all else, such as data that stood in for others.</param>
/// <param name="Command">The command, as typed.</param>
/// <param name="Written">When it ended.</param>
/// <param name="Seconds">How long it took over all sittings, in seconds.</param>
/// <param name="Environment">Where it was run.</param>
/// <param name="Claims">The verdict on each of the paper's claims.</param>
/// <param name="Settings">The exact configuration.</param>
/// <param name="Files">The raw data, a CSV file each.</param>
public sealed record ReproductionDocument(
    string Id,
    string Title,
    string Paper,
    string Figure,
    ExperimentScale Scale,
    IReadOnlyList<int> Seeds,
    IReadOnlyList<string> Data,
    IReadOnlyList<string> Remarks,
    string Command,
    DateTimeOffset Written,
    double Seconds,
    ReproductionDocument.EnvironmentEntry Environment,
    IReadOnlyList<ReproductionDocument.ClaimEntry> Claims,
    IReadOnlyList<ReproductionDocument.SettingEntry> Settings,
    IReadOnlyList<ReproductionDocument.FileEntry> Files)
{
    /// <summary>
    /// The time of all processors that it took over all sittings, in seconds; on a machine that does nothing else, a figure that keeps
    /// p processors busy takes a p-th of it. Absent in records that are older.
    /// </summary>
    [JsonIgnore(Condition = WhenWritingNull)]
    [JsonPropertyOrder(1)]
    public double? ProcessorSeconds { get; init; }

    internal static ReproductionDocument Of(ReproducedExperiment reproduced)
    {
        var (experiment, context, outcome) = (reproduced.Experiment, reproduced.Context, reproduced.Outcome);
        return new(
            experiment.Id,
            experiment.Title,
            experiment.Paper,
            experiment.Figure,
            context.Scale,
            context.Seeds,
            [.. context.OpenedData],
            [.. context.Substitutes, .. outcome.Remarks.Select(remark => remark.PlainText)],
            reproduced.Command,
            reproduced.Written,
            reproduced.Took.TotalSeconds,
            EnvironmentEntry.Of(reproduced.Environment, context),
            [.. outcome.Verdicts.Select(ClaimEntry.Of)],
            [.. outcome.Settings.Select(setting => new SettingEntry(setting.Name.PlainText, setting.Value.PlainText, setting.Origin))],
            [.. outcome.Tables.Select(table => new FileEntry(table.FileName, table.Description, [.. table.Columns]))])
        {
            ProcessorSeconds = reproduced.Processor.TotalSeconds,
        };
    }

    /// <summary>Where an experiment was run: what its bits and its time depend on beside its configuration.</summary>
    /// <param name="Occam">The version of Occam.</param>
    /// <param name="Libtorch">The version of libtorch.</param>
    /// <param name="Runtime">The .NET runtime.</param>
    /// <param name="System">The operating system.</param>
    /// <param name="Processor">The processor, as it calls itself.</param>
    /// <param name="Cores">How many threads of it the process could use.</param>
    /// <param name="Device">Where it was computed.</param>
    /// <param name="Precision">The numbers that it was computed in.</param>
    /// <param name="Threads">How many threads one operator could use.</param>
    /// <param name="Commit">The commit that Occam was built from; null where it was built outside of a repository.</param>
    public sealed record EnvironmentEntry(
        string Occam,
        string Libtorch,
        string Runtime,
        string System,
        string Processor,
        int Cores,
        string Device,
        string Precision,
        int Threads,
        string? Commit)
    {
        internal static EnvironmentEntry Of(RunEnvironment environment, ExperimentContext context) => new(
            environment.Occam,
            environment.Libtorch,
            environment.Runtime,
            environment.System,
            environment.Processor,
            environment.Cores,
            context.Device.ToString(),
            context.Precision.Name,
            context.Threads,
            environment.Commit);
    }

    /// <summary>A claim of the paper, and the verdict on it.</summary>
    /// <param name="Id">The claim's name within the experiment; empty where it has none.</param>
    /// <param name="Claim">The claim.</param>
    /// <param name="Source">Where the paper makes it.</param>
    /// <param name="Verdict">The verdict.</param>
    /// <param name="PremiseFails">Whether it is undecided because what was measured isn't what the claim is about.</param>
    /// <param name="Reason">What the verdict rests on.</param>
    /// <param name="Statistics">The numbers that it rests on.</param>
    public sealed record ClaimEntry(
        string Id,
        string Claim,
        string? Source,
        Verdict Verdict,
        bool PremiseFails,
        string Reason,
        IReadOnlyList<StatisticEntry> Statistics)
    {
        internal static ClaimEntry Of(VerdictBlock block) => new(
            block.Id,
            block.Claim.PlainText,
            block.Source?.PlainText,
            block.Verdict,
            block.PremiseFails,
            block.Reason.PlainText,
            [.. block.Statistics.Select(StatisticEntry.Of)]);
    }

    /// <summary>A statistic that a verdict rests on.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Text">Its value as on the page.</param>
    /// <param name="Value">The number in full; absent where it is none.</param>
    /// <param name="StandardError">Its standard error; absent where it has none.</param>
    public sealed record StatisticEntry(
        string Name,
        string Text,
        [property: JsonIgnore(Condition = WhenWritingNull)] double? Value,
        [property: JsonIgnore(Condition = WhenWritingNull)] double? StandardError)
    {
        internal static StatisticEntry Of(Fact fact) =>
            new(fact.Name.PlainText, fact.Value.PlainText, fact.Value.Number, fact.Value.StandardError);
    }

    /// <summary>A setting of the experiment.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Origin">Where it comes from.</param>
    public sealed record SettingEntry(string Name, string Value, Origin Origin);

    /// <summary>A file of raw data.</summary>
    /// <param name="Name">The file's name.</param>
    /// <param name="Description">What is in it.</param>
    /// <param name="Columns">Its columns.</param>
    public sealed record FileEntry(string Name, string Description, IReadOnlyList<string> Columns);
}
