using Occam.Lab.Documents;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Runs.Configuration;
using Occam.Measures;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The measures that there are, for a person at a terminal.</summary>
internal static class MeasureCatalogueTable
{
    /// <summary>Prints all of them.</summary>
    public static void Print(IAnsiConsole console)
    {
        var table = new FittedTable(("Measure", 0, false), ("Definition", 0, false), ("Source", 1, false), ("Needs", 2, false));
        foreach (var measure in MeasureCatalogue.All.Values)
        {
            table.AddRow(
                (measure.Id, measure.InDefaultSet ? Terminal.Strong : Style.Plain),
                (measure.Definition.ToString(), null),
                (measure.Source, Terminal.Dim),
                (string.Join(", ", MeasureCatalogueDocument.NeedsOf(measure)), Terminal.Dim));
        }

        table.Print(console);
        console.WriteLine();
        Terminal.Remarks(
            console, "Measured when none are named",
            [string.Join(", ", MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet).Select(measure => measure.Id))]);
    }

    /// <summary>Prints all about one.</summary>
    public static void Print(IAnsiConsole console, Measure measure)
    {
        console.WriteLine();
        (string, string)[] meaning = measure.Meaning.Length > 0 ? [("means", measure.Meaning)] : [];
        Terminal.Facts(
            console,
            [
                ("id", measure.Id),
                ("title", measure.Title),
                .. meaning,
                ("definition", measure.Definition.ToString()),
                ("source", measure.Source),
                ("needs", string.Join(", ", MeasureCatalogueDocument.NeedsOf(measure))),
                ("measured", measure.InDefaultSet ? "when none are named" : $"with --measures {measure.Id}, or --all"),
            ]);
        console.WriteLine();
        Terminal.Remarks(console, "What raises and lowers it", MeasureClaims.Of(measure.Id));
        var parameters = ConfigurationReference.ParametersOf(measure);
        if (parameters.IsEmpty)
        {
            return;
        }

        var table = Terminal.Table("Parameter", "Value", "Default", "Meaning");
        foreach (var parameter in parameters)
        {
            table.AddRow(
                Terminal.Text(parameter.Name, Terminal.Strong),
                Terminal.Text(parameter.Expected, Terminal.Dim),
                Terminal.Text(parameter.Default ?? ""),
                Terminal.Text(parameter.Meaning));
        }

        console.Write(table);
        console.WriteLine();
    }
}
