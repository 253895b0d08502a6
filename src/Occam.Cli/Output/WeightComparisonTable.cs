using Occam.Lab.Measuring.Pages;
using Occam.Lab.Text;
using Occam.Measures.Weights;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>Two files of weights side by side, for a person at a terminal.</summary>
internal static class WeightComparisonTable
{
    private const int MostListed = 8;

    /// <summary>Prints the matrices, those that moved furthest first.</summary>
    public static void Print(IAnsiConsole console, WeightComparison comparison)
    {
        console.WriteLine();
        Terminal.Facts(
            console, ("A", comparison.PathOfA), ("B", comparison.PathOfB),
            ("‖A‖", NumberText.Plain(comparison.Norm)), ("‖B − A‖", NumberText.Plain(comparison.Distance)));
        var table = Terminal.Table(
            "Matrix", "Shape", "‖A‖_F", "‖B − A‖_F/‖A‖_F", "σ_max(B − A)", "Stable rank", "Effective rank", "α of A", "α of B");
        foreach (var change in comparison.Changes.OrderByDescending(change => change.Relative))
        {
            table.AddRow(
                Terminal.Text(change.Name, Terminal.Strong),
                Terminal.Text(string.Join("×", change.Shape)),
                Terminal.Text(NumberText.Plain(change.Norm)),
                Terminal.Text(NumberText.Plain(change.Relative)),
                Terminal.Text(NumberText.Plain(change.Spectral)),
                Terminal.Text(NumberText.Plain(change.StableRank)),
                Terminal.Text(NumberText.Plain(change.EffectiveRank)),
                Terminal.Text(WeightComparisonPage.Exponent(change.FitOfA).PlainText),
                Terminal.Text(WeightComparisonPage.Exponent(change.FitOfB).PlainText));
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "In short", [WeightComparisonPage.InShort(comparison)]);
        Terminal.Remarks(console, "Notes",
        [
            "ranks are those of the update B − A; a matrix is a tensor of at least two dimensions, its first by all others",
            "α is the power-law exponent of the eigenvalues of W Wᵀ; no grade where a power law is implausible or not told from others",
        ]);
        Terminal.Remarks(console, "Not compared",
        [
            .. comparison.Unpaired.Take(MostListed).Select(left => $"{left.Node}: {left.Why}"),
            .. comparison.Unpaired.Length > MostListed ? [$"{comparison.Unpaired.Length - MostListed} more"] : Array.Empty<string>(),
        ]);
    }
}
