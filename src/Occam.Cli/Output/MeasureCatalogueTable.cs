using Occam.Measures;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The measures that there are, for a person at a terminal.</summary>
internal static class MeasureCatalogueTable
{
    /// <summary>Prints all of them.</summary>
    public static void Print(IAnsiConsole console)
    {
        var table = Terminal.Table("Measure", "Definition", "Source", "Needs");
        foreach (var measure in MeasureCatalogue.All.Values)
        {
            table.AddRow(
                Terminal.Text(measure.Id, measure.InDefaultSet ? Terminal.Strong : Style.Plain),
                Terminal.Text(measure.Definition),
                Terminal.Text(measure.Source, Terminal.Dim),
                Terminal.Text(string.Join(", ", NeedsOf(measure)), Terminal.Dim));
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Measured when none are named", [string.Join(", ", MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet).Select(measure => measure.Id))]);
    }

    /// <summary>Prints all about one.</summary>
    public static void Print(IAnsiConsole console, Measure measure)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("id", measure.Id),
            ("title", measure.Title),
            ("definition", measure.Definition),
            ("source", measure.Source),
            ("needs", string.Join(", ", NeedsOf(measure))),
            ("measured", measure.InDefaultSet ? "when none are named" : $"with --measures {measure.Id}, or --all"));
        console.WriteLine();
    }

    private static IEnumerable<string> NeedsOf(Measure measure) => Enum.GetValues<MeasureNeeds>()
        .Where(need => need != MeasureNeeds.None && measure.Needs.HasFlag(need))
        .Select(need => need switch
        {
            MeasureNeeds.Data => "data",
            MeasureNeeds.Labels => "class labels",
            MeasureNeeds.Graph => "the graph (ONNX)",
            MeasureNeeds.PiecewiseLinear => "piecewise linear",
            MeasureNeeds.OneOutput => "one output",
            MeasureNeeds.OneInput => "one input",
            MeasureNeeds.FewInputs => "at most 3 inputs",
            _ => need.ToString(),
        })
        .DefaultIfEmpty("nothing more");
}
