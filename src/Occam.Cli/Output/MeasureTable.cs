using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Occam.Measures;
using Occam.Networks;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What was measured, for a person at a terminal.</summary>
internal static class MeasureTable
{
    // The width in which a source can be read, over several lines.
    private const int LeastSource = 18;

    /// <summary>Prints the network, the data, the values, and what has to be known of them.</summary>
    public static void Print(IAnsiConsole console, MeasuredNetwork measured, Baseline? baseline = null)
    {
        console.WriteLine();
        Terminal.Facts(console, ("network", Describe(measured)), ("data", measured.Data.Description));
        console.Write(Values(console, measured.Results));
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
        console.Write(Values(console, results));
        console.WriteLine();
        Terminal.Remarks(console, "Left out", [.. results.SelectMany(LeftOut)]);
        Terminal.Remarks(
            console,
            "Notes",
            [
                "each tensor of at least two dimensions counts as a layer, an embedding's table, too; nothing is folded",
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

    private static Table Values(IAnsiConsole console, IReadOnlyList<MeasureResult> results)
    {
        var rows = results.Where(result => result.NotApplicable is null).SelectMany(RowsOf).ToArray();
        var table = Terminal.Table("Quantity", "Value", "", "Source");
        if (rows.Length == 0)
        {
            return table;
        }

        var values = NumberText.Aligned([.. rows.Select(row => row.Value)]);
        string[] names = [.. rows.Select(row => row.IsDetail ? $"  {row.Name}" : row.Name)];
        Terminal.FitFirst(
            console, table, names, [values, [.. rows.Select(row => row.Kind)]], Math.Min(LeastSource, rows.Max(row => row.Source.Length)));
        for (var i = 0; i < rows.Length; i++)
        {
            var (_, _, kind, source, isDetail) = rows[i];
            table.AddRow(
                Terminal.Text(names[i], isDetail ? Terminal.Dim : Terminal.Strong),
                Terminal.Text(values[i], isDetail ? Terminal.Dim : Terminal.Strong),
                Terminal.Text(kind, kind == "exact" ? Terminal.Good : Terminal.Warning),
                Terminal.Text(source, Terminal.Dim));
        }

        return table;
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
