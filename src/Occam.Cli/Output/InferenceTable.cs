using Occam.Lab.Inference;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What was computed of a network, for a person at a terminal.</summary>
internal static class InferenceTable
{
    /// <summary>Prints the arrays by name, type and shape.</summary>
    public static void Print(IAnsiConsole console, InferenceResult result)
    {
        console.WriteLine();
        var table = Terminal.Table("Array", "Type", "Shape", "What");
        foreach (var (name, what, array) in result.Arrays)
        {
            table.AddRow(
                Terminal.Text(name, Terminal.Strong),
                Terminal.Text(array.TypeName),
                Terminal.Text(array.Shape.IsEmpty ? "a single number" : string.Join(" × ", array.Shape)),
                Terminal.Text(what));
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Notes", result.Notes);
    }
}
