using Occam.Lab.Text;
using Occam.Measures.Weights;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>The norms of weights without a graph, for a person at a terminal.</summary>
internal static class StoredWeightsTable
{
    private const int MostNamesListed = 8;

    /// <summary>Prints the matrices, and sums and products over them.</summary>
    public static void Print(IAnsiConsole console, StoredWeights weights)
    {
        console.WriteLine();
        Terminal.Facts(
            console,
            ("weights", $"{weights.Path}: safetensors, {NumberText.Count(weights.Numbers)} numbers, no graph"),
            ("matrices", NumberText.Count(weights.Matrices.Length)),
            ("Σ ‖W‖_F²", NumberText.Plain(weights.FrobeniusSum)),
            ("ln Π ‖W‖_F²", NumberText.Plain(weights.LogFrobeniusProduct)),
            ("ln Π σ_max²", NumberText.Plain(weights.LogSpectralProduct)),
            ("Σ ‖W‖_F²/σ_max²", NumberText.Plain(weights.StableRankSum)));
        var table = Terminal.Table("Matrix", "Shape", "Type", "‖W‖_F", "σ_max", "‖W‖_F²/σ_max²");
        foreach (var matrix in weights.Matrices)
        {
            table.AddRow(
                Terminal.Text(matrix.Name, Terminal.Strong),
                Terminal.Text(string.Join("×", matrix.Shape)),
                Terminal.Text(matrix.Type, Terminal.Dim),
                Terminal.Text(NumberText.Plain(Math.Sqrt(matrix.FrobeniusSquared))),
                Terminal.Text(NumberText.Plain(matrix.Spectral)),
                Terminal.Text(NumberText.Plain(matrix.StableRank)));
        }

        console.Write(table);
        console.WriteLine();
        Terminal.Remarks(console, "Conventions", [
            "a matrix is a tensor of at least two dimensions, its first by all others; which of them are layers, the file doesn't say",
            "batch normalization is not folded, and a convolution's σ_max is that of the reshaped matrix",
        ]);
        Terminal.Remarks(console, "Not counted in norms", weights.Others.IsEmpty ? [] :
        [
            string.Join(", ", weights.Others.Take(MostNamesListed))
                + (weights.Others.Length > MostNamesListed ? $" and {weights.Others.Length - MostNamesListed} more" : ""),
        ]);
        Terminal.Remarks(
            console,
            "Can't be measured",
            ["all that needs the function or the order of the layers: give the network's ONNX file, and these weights with --weights"]);
    }
}
