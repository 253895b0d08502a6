using Occam.Lab.Measuring;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Rewrites;

namespace Occam.Lab.Documents;

/// <summary>A measured network, and what was done to it.</summary>
/// <param name="Path">Its file, as it was named.</param>
/// <param name="Name">The file without its folder.</param>
/// <param name="Parameters">How many numbers training changes.</param>
/// <param name="Input">The shape of one example.</param>
/// <param name="Output">The graph's value that is taken as the logits; null for TorchScript.</param>
/// <param name="Outputs">How many logits there are.</param>
/// <param name="Function">Which function of the model it is.</param>
/// <param name="Opset">The version of ONNX's operators; null for TorchScript.</param>
/// <param name="FinalActivation">What the file has after the logits, and what Occam cut off.</param>
/// <param name="Precision">The numbers that it was computed in.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Folded">The batch normalizations that were put into other layers.</param>
/// <param name="NotFolded">Those that were left alone, and why.</param>
/// <param name="Notes">What else was done to the network.</param>
public sealed record NetworkEntry(
    string Path,
    string Name,
    long Parameters,
    IReadOnlyList<long> Input,
    string? Output,
    long Outputs,
    FunctionEntry Function,
    long? Opset,
    FinalActivation FinalActivation,
    string Precision,
    string Device,
    IReadOnlyList<FoldedNode> Folded,
    IReadOnlyList<SkippedNode> NotFolded,
    IReadOnlyList<string> Notes)
{
    internal static NetworkEntry Of(MeasuredNetwork measured) => new(
        measured.Loaded.Path,
        measured.Name,
        measured.Loaded.ParameterCount,
        [.. measured.Context.ExampleShape],
        measured.Graph?.Output,
        measured.Context.Outputs,
        FunctionEntry.From(measured),
        measured.Graph?.Graph.FileOpset ?? measured.Graph?.Graph.Opset,
        measured.Loaded.FinalActivation,
        measured.Precision,
        measured.Context.Function.Device.ToString(),
        measured.Context.Subject.Folding?.Folded ?? [],
        measured.LeftUnfolded,
        measured.Done);
}
