using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What is in a data set, for a person at a terminal.</summary>
internal static class DataTable
{
    private const int MostClasses = 50;

    /// <summary>Prints the description, the inputs, and how many examples there are of each class.</summary>
    public static void Print(IAnsiConsole console, DataSet data, InputStatistics inputs)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("data", data.Description),
            ("shape", string.Join("×", data.ExampleShape)),
            ("inputs", $"{NumberText.Plain(inputs.Minimum)} to {NumberText.Plain(inputs.Maximum)}, mean "
                + $"{NumberText.Plain(inputs.Mean)}, standard deviation {NumberText.Plain(inputs.StandardDeviation)}"),
            ("answers", Answers(data)));
        if (data.Labels is not { } labels)
        {
            return;
        }

        var counts = labels.CountBy(label => label).OrderBy(pair => pair.Key).ToArray();
        var table = Terminal.Table("Class", "Examples", "");
        table.Columns[1].RightAligned();
        var most = counts.Max(pair => pair.Value);
        foreach (var (label, count) in counts.Take(MostClasses))
        {
            table.AddRow(
                Terminal.Text(label < data.ClassNames.Count ? $"{label} {data.ClassNames[label]}" : $"{label}"),
                Terminal.Text(NumberText.Count(count)),
                Terminal.Text(new string('▪', 40 * count / most), Terminal.Dim));
        }

        console.Write(table);
        if (counts.Length > MostClasses)
        {
            Terminal.Remarks(console, "Not shown", [$"{counts.Length - MostClasses} more classes"]);
        }
    }

    private static string Answers(DataSet data) =>
        data.Labels is not null ? $"labels of {data.Classes} classes"
        : data.PositionLabels is not null ? $"labels by position, {string.Join("×", data.PositionShape)}, of {data.Classes} classes"
        : data.Targets is null ? "none: measures that need labels won't apply"
        : $"{Counted.Of(data.TargetSize, "real target")} an example";
}
