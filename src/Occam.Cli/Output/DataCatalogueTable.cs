using Occam.Data;
using Occam.Lab.Text;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The named data sets and the state of their files, for a person at a terminal.</summary>
internal static class DataCatalogueTable
{
    /// <summary>Prints the data sets that have a name.</summary>
    public static void Print(IAnsiConsole console)
    {
        var table = Terminal.Table("Name", "What", "Training", "Test", "Normalization");
        foreach (var set in DataCatalogue.Known)
        {
            table.AddRow(
                Terminal.Text(set.Name, Terminal.Strong),
                Terminal.Text(set.Title),
                Terminal.Text(NumberText.Count(set.TrainingCount)),
                Terminal.Text(NumberText.Count(set.TestCount)),
                Terminal.Text(set.Normalization.ToString(), Terminal.Dim));
        }

        table.AddRow(
            Terminal.Text(DataCatalogue.GlyphsName, Terminal.Strong), Terminal.Text("Digits drawn by Occam, 28×28 grey; need no file"));
        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "How to name data", [
            "NAME:train or NAME:test, as in --data mnist:test",
            "a file by its path: .npz with x and y, .npy, .csv, idx, CIFAR-10 .bin, each gzipped or not, or .parquet",
            "a folder of pictures by its path, with a folder a class",
        ]);
    }

    /// <summary>Prints what verifying found.</summary>
    public static void Print(IAnsiConsole console, IEnumerable<(string Set, IReadOnlyList<FileVerification> Files)> found)
    {
        var table = Terminal.Table("Data set", "File", "", "Where");
        foreach (var (set, file) in found.SelectMany(pair => pair.Files.Select(file => (pair.Set, file))))
        {
            var (state, style) = Describe(file.State);
            table.AddRow(
                Terminal.Text(set, Terminal.Strong), Terminal.Text(file.File.Name), Terminal.Text(state, style),
                Terminal.Text(file.Path ?? "", Terminal.Dim));
        }

        console.Write(table);
        console.WriteLine(Conclusion([.. found.SelectMany(pair => pair.Files)]));
    }

    private static string Conclusion(FileVerification[] files)
    {
        int Count(FileState state) => files.Count(file => file.State == state);
        var (missing, different) = (Count(FileState.Missing), Count(FileState.Different));
        return missing == files.Length
            ? "Nothing was there to verify: 'occam data get NAME' fetches a set, and --data-root says where to look."
            : $"{Counted.Of(files.Length - missing, "file")} verified, of which {different} "
                + $"{Counted.Noun(different, "differs", "differ")}; {missing} {Counted.Noun(missing, "is", "are")} missing.";
    }

    private static (string Text, Style Style) Describe(FileState state) => state switch
    {
        FileState.Correct => ("correct", Terminal.Good),
        FileState.Different => ("differs", Terminal.Bad),
        FileState.Missing => ("missing", Terminal.Dim),
        _ => ("no checksum on record", Terminal.Dim),
    };
}
