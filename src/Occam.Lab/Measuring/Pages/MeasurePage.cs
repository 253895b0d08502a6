using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Lab.Text;
using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>What was measured, as a page: the values, where the complexity lies among examples and layers, and what was done.</summary>
public static class MeasurePage
{
    /// <summary>Makes the page.</summary>
    /// <param name="measured">What was measured.</param>
    /// <param name="command">The command line that did.</param>
    /// <param name="baseline">What it is held against; null for nothing.</param>
    /// <param name="moves">What is known to raise and lower a measure, by its id; null where nothing is told of it.</param>
    public static Page Of(
        MeasuredNetwork measured, string command, Baseline? baseline = null, Func<string, IReadOnlyList<string>>? moves = null)
    {
        Block?[] blocks =
        [
            MeasureSummary.Of(measured, baseline),
            new Section("The network", Facts(measured), new Prose($"Data: {measured.Data.Description}.")),
            Values(measured.Results, moves),
            ExamplesSection.Of(measured),
            Layers(measured.Results),
            CurveSection.Of(measured.Results),
            SpectrumSection.Of(measured),
            PreparationSection.Of(measured),
        ];
        var subtitle = $"How complex its function is, on {Counted.Of(measured.Data.Count, "example")} of {measured.Data.Name}";
        return new Page(measured.Name, subtitle, [.. blocks.OfType<Block>()]) { Command = command, Kicker = "Occam measure" };
    }

    /// <summary>The network and its data, as facts.</summary>
    public static FactList Facts(MeasuredNetwork measured)
    {
        var function = measured.Context.Function;
        var data = measured.Data;
        return new FactList(
            new Fact(
                "network",
                measured.Graph is { } network ? $"ONNX, opset {network.Graph.FileOpset ?? network.Graph.Opset}" : "TorchScript"),
            new Fact("input → output", measured.Function),
            new Fact("parameters", measured.Loaded.ParameterCount),
            new Fact("precision", $"{measured.Precision} on {function.Device}"),
            new Fact("examples", (long)data.Count),
            new Fact("classes", (data.Labels ?? data.PositionLabels) is null ? "no labels" : (long)data.Classes));
    }

    /// <summary>The values, and why some have none.</summary>
    internal static Section Values(IReadOnlyList<MeasureResult> results, Func<string, IReadOnlyList<string>>? moves)
    {
        var missing = results.Where(result => result.NotApplicable is not null).ToArray();
        Block[] table =
        [
            new ResultTable(
                [.. MeasureFamily.InOrder(results.Where(result => result.NotApplicable is null), result => result.Id)
                    .Select(result => Row(result, moves))]),
        ];
        return new Section("What was measured", missing.Length == 0
            ? table
            : [.. table, Table.Of(missing, ("Not measured", result => result.Title), ("Why", result => result.NotApplicable!))]);
    }

    private static Result Row(MeasureResult result, Func<string, IReadOnlyList<string>>? moves) => new(
        RichText.WithScripts(result.Title), result.Quantity ?? double.NaN, result.Source)
    {
        Id = result.Name,
        Family = MeasureFamily.TitleOf(result.Id),
        Meaning = MeasureCatalogue.All.TryGetValue(result.Id, out var measure) && measure.Meaning.Length > 0
            ? measure.Meaning
            : default(RichText?),
        Definition = measure?.Definition,
        Details =
        [
            .. OverExamples(result), .. Residual(result),
            .. result.Details.Select(detail => new Fact(NumberText.Words(detail.Key), detail.Value)),
        ],
        Moves = [.. (moves?.Invoke(result.Id) ?? []).Select(claim => (RichText)claim)],
        Notes = [.. result.Notes.Select(note => (RichText)note)],
        Skipped = [.. result.Skipped.Select(skipped => new Fact(skipped.Node, skipped.Why))],
    };

    private static Fact[] OverExamples(MeasureResult result) =>
        result.StandardErrorOverExamples is { } error ? [new Fact(NumberText.OverExamples, NumberText.Error(error))] : [];

    private static Fact[] Residual(MeasureResult result) =>
        result.Quantity?.Residual is { } residual && result.Details.All(detail => detail.Key != "residual")
            ? [new Fact("residual", residual)]
            : [];

    /// <summary>The quantities that are there layer by layer; null where none is.</summary>
    internal static Section? Layers(IEnumerable<MeasureResult> results)
    {
        Chart[] charts = [.. results
            .Where(result => result.Layers.Length > 1)
            .Select(result => LayerChart.Of(result.Title, result.Notes, ("", result.Layers)))];
        return charts.Length == 0 ? null : new Section("Layer by layer", charts);
    }
}
