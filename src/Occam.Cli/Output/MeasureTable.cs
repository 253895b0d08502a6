using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.Text;
using Occam.Measures;
using Occam.Networks;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What was measured, for a person at a terminal.</summary>
internal static class MeasureTable
{
    /// <summary>Prints the network, the data, the values, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, MeasuredNetwork measured, Baseline? baseline = null)
    {
        console.WriteLine();
        Terminal.Facts(console, ("network", Describe(measured)), ("data", measured.Data.Description));
        PrintValues(console, measured.Results);
        console.WriteLine();
        Terminal.Remarks(console, "In short", baseline?.Against(measured) ?? []);
        Terminal.Remarks(console, "Done", measured.Done);
        Terminal.Remarks(console, "Left out", [.. measured.LeftUnfolded.Select(Line), .. measured.Results.SelectMany(LeftOut)]);
        Terminal.Remarks(console, "Notes", measured.Results.SelectMany(result => result.Notes.Select(note => $"{result.Name}: {note}")));
    }

    /// <summary>Prints what was measured of weights without their network.</summary>
    public static void PrintWeights(IAnsiConsole console, string path, IReadOnlyList<MeasureResult> results)
    {
        console.WriteLine();
        Terminal.Facts(console, ("weights", $"{path}: safetensors, no graph"));
        PrintValues(console, results);
        console.WriteLine();
        Terminal.Remarks(console, "Left out", [.. results.SelectMany(LeftOut)]);
        Terminal.Remarks(
            console,
            "Notes",
            [
                WeightsPage.Convention,
                .. results.SelectMany(result => result.Notes.Select(note => $"{result.Name}: {note}")),
            ]);
    }

    /// <summary>A network in a line.</summary>
    public static string Describe(MeasuredNetwork measured)
    {
        var kind = measured.Graph is { } network ? $"ONNX opset {network.Graph.FileOpset ?? network.Graph.Opset}" : "TorchScript";
        var function = measured.Context.Function;
        return $"{measured.Loaded.Path}: {measured.Function}, "
            + $"{NumberText.Count(measured.Loaded.ParameterCount)} parameters, {kind}, {measured.Precision} on {function.Device}";
    }

    /// <summary>What was left out, and why, in a line.</summary>
    public static string Line(SkippedNode skipped) => $"{skipped.Node}: {skipped.Why}";

    private static void PrintValues(IAnsiConsole console, IReadOnlyList<MeasureResult> results)
    {
        var rows = results.Where(result => result.NotApplicable is null).SelectMany(RowsOf).ToArray();
        var values = NumberText.Aligned([.. rows.Select(row => row.Value)]);
        var table = new FittedTable(("Quantity", 0, false), ("Value", 0, true), ("", 0, false), ("Source", 1, false));
        foreach (var (i, row) in rows.Index())
        {
            var style = row.IsDetail ? Terminal.Dim : Terminal.Strong;
            table.AddRow(
                (row.IsDetail ? $"  {row.Name}" : row.Name, style),
                (values[i], style),
                (row.Kind, row.Kind == "exact" ? Terminal.Good : Terminal.Warning),
                (row.Source, Terminal.Dim));
        }

        table.Print(console);
    }

    private static IEnumerable<Row> RowsOf(MeasureResult result)
    {
        var quantity = result.Quantity ?? double.NaN;
        yield return new(Title(result), NumberText.WithError(quantity), NumberText.KindOf(quantity), result.Source, false);
        if (result.StandardErrorOverExamples is { } error and not 0)
        {
            yield return new(NumberText.OverExamples, NumberText.Error(error), "", "", true);
        }

        if (quantity.Residual is { } residual && result.Details.All(detail => detail.Key != "residual"))
        {
            yield return new("residual", NumberText.Plain(residual), "", "", true);
        }

        foreach (var (name, value) in result.Details)
        {
            yield return new(NumberText.Words(name), NumberText.Plain(value), "", "", true);
        }

        foreach (var layer in result.Layers)
        {
            yield return new($"at {layer.Name}", NumberText.WithError(layer.Quantity), "", "", true);
        }
    }

    /// <summary>The title of a result, and its name where parameters aren't at their defaults.</summary>
    public static string Title(MeasureResult result) => result.Parameters.IsEmpty ? result.Title : $"{result.Title}, {result.Name}";

    private static IEnumerable<string> LeftOut(MeasureResult result) => result.NotApplicable is { } why
        ? [$"{result.Name}: {why}"]
        : result.Skipped.Select(skipped => $"{result.Name}: {Line(skipped)}");

    private sealed record Row(string Name, string Value, string Kind, string Source, bool IsDetail);
}
