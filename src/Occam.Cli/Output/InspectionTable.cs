using Occam.Lab.Measuring;
using Occam.Lab.Text;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Spectre.Console;

namespace Occam.Cli.Output;

/// <summary>What is in a network, for a person at a terminal.</summary>
internal static class InspectionTable
{
    /// <summary>Prints the layers, and what follows from them for measuring.</summary>
    public static void Print(IAnsiConsole console, LoadedNetwork loaded)
    {
        console.WriteLine();
        if (loaded.Network is not { } network)
        {
            Terminal.Facts(console, (
                "network",
                $"{loaded.Path}: TorchScript, {NumberText.Count(loaded.ParameterCount)} parameters, {loaded.Function.Type.PrecisionName}"));
            console.WriteLine();
            Terminal.Remarks(console, "Done", loaded.Notes);
            Terminal.Remarks(
                console, "Can't be measured", ["what needs the network's graph or a piecewise-linear network: export it to ONNX"]);
            return;
        }

        var description = NetworkDescription.Of(network);
        Terminal.Facts(
            console,
            ("network", $"{loaded.Path}: ONNX opset {network.Graph.FileOpset ?? network.Graph.Opset}, {network.Type.PrecisionName}"),
            ("input", loaded.Before is { } before
                ? $"{description.Input.Name}: {description.Input}, computed from {string.Join(", ", loaded.Inputs.Select(Line))} "
                    + $"(of which {before.Graph.Input.Name} is looked up)"
                : Line(description.Input)),
            ("held", string.Join(", ", network.Graph.Held.Select(Line))),
            ("output", description.Layers is [.., { OutputShape: { IsDefault: false } shape }]
                ? $"{description.Output}: N × {string.Join(" × ", shape)}"
                : description.Output),
            ("parameters", NumberText.Count(loaded.ParameterCount)),
            ("function", description.IsPiecewiseLinear
                ? "piecewise linear"
                : string.Join("; ", Bends(description, "curved", Linearity.Curved).Concat(Bends(description, "a step", Linearity.Step)))));
        console.Write(Layers(description));
        console.WriteLine();
        Terminal.Remarks(console, "Done", loaded.Notes);
        Terminal.Remarks(
            console, "Folds into the weights beside it", description.Foldable.Select(folded => $"{folded.Node} into {folded.Into}"));
        Terminal.Remarks(console, "Stays", description.NotFoldable.Select(left => $"{left.Node}: {left.Why}"));
        Terminal.Remarks(console, "Can't be measured", CantBeMeasured(loaded));
    }

    private static string Line(ValueInfo input) => $"{input.Name}: {input}";

    private static IEnumerable<string> CantBeMeasured(LoadedNetwork loaded) => Applicability.Missing(loaded) is { } missing
        ? missing.Select(pair => $"{pair.Measure.Id}: {pair.Why}")
        : ["that depends on the sizes of the input, which the network leaves open"];

    // "curved, first at /Tanh (2 such nodes)", where some node bends so.
    private static IEnumerable<string> Bends(NetworkDescription description, string what, Linearity linearity) =>
        description.Layers.Where(layer => layer.Linearity == linearity).ToArray() is [var first, ..] and var layers
            ? [$"{what}, first at {first.Name} ({Counted.Of(layers.Length, "such node")})"]
            : [];

    private static Table Layers(NetworkDescription description)
    {
        var table = Terminal.Table("Layer", "Operator", "Output", "Parameters", "Bends");
        table.Columns[3].RightAligned();
        foreach (var layer in description.Layers)
        {
            table.AddRow(
                Terminal.Text(layer.Name, Terminal.Strong),
                Terminal.Text(layer.Operator),
                Terminal.Text(layer.OutputShape.IsDefault ? "?" : string.Join("×", layer.OutputShape)),
                Terminal.Text(layer.Parameters == 0 ? "" : NumberText.Count(layer.Parameters)),
                Terminal.Text(
                    Describe(layer.Linearity), layer.Linearity is Linearity.Curved or Linearity.Step ? Terminal.Warning : Terminal.Dim));
        }

        return table;
    }

    private static string Describe(Linearity linearity) => linearity switch
    {
        Linearity.Structural => "",
        Linearity.PiecewiseAffine => "piecewise affine",
        Linearity.Curved => "curved",
        Linearity.Step => "a step",
        _ => "affine",
    };
}
