using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Networks.Rewrites;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam inspect --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Path">The network's file, as it was named.</param>
/// <param name="Opset">The version of ONNX's operators in the file; null for TorchScript.</param>
/// <param name="Precision">The numbers of its weights.</param>
/// <param name="Parameters">How many numbers training changes.</param>
/// <param name="Input">The input, or inner value, that the function is of; null for TorchScript.</param>
/// <param name="LookedUpBy">The model's input that an inner value is computed from; null where the function is of an input.</param>
/// <param name="Held">The inputs that are held at each example's own values.</param>
/// <param name="Output">The name of the output; null for TorchScript.</param>
/// <param name="FinalActivation">What the file has after the logits, and what Occam cuts off.</param>
/// <param name="IsPiecewiseLinear">Whether the function is affine on each of finitely many pieces; null for TorchScript.</param>
/// <param name="Layers">The nodes between input and output, in order; empty for TorchScript.</param>
/// <param name="Foldable">The batch normalizations that fold into layers beside them.</param>
/// <param name="NotFoldable">Those that don't, and why.</param>
/// <param name="Notes">What was done to the network.</param>
public sealed record InspectionDocument(
    string Occam,
    string Path,
    long? Opset,
    string Precision,
    long Parameters,
    InspectionDocument.InspectedInput? Input,
    string? LookedUpBy,
    IReadOnlyList<InspectionDocument.InspectedInput> Held,
    string? Output,
    FinalActivation FinalActivation,
    bool? IsPiecewiseLinear,
    IReadOnlyList<InspectionDocument.InspectedNode> Layers,
    IReadOnlyList<FoldedNode> Foldable,
    IReadOnlyList<NotFolded> NotFoldable,
    IReadOnlyList<string> Notes)
{
    /// <summary>The document of a network.</summary>
    /// <exception cref="OccamException">It doesn't run on an example of zeros.</exception>
    public static InspectionDocument Of(LoadedNetwork loaded)
    {
        var description = loaded.Network is { } network ? NetworkDescription.Of(network) : null;
        return new InspectionDocument(
            RunEnvironment.Version,
            loaded.Path,
            loaded.Network?.Graph.FileOpset ?? loaded.Network?.Graph.Opset,
            loaded.Function.Type.PrecisionName,
            loaded.ParameterCount,
            description is null ? null : InspectedInput.Of(description.Input),
            loaded.Before?.Graph.Input.Name,
            [.. (loaded.Network?.Graph.Held ?? []).Select(InspectedInput.Of)],
            description?.Output,
            loaded.FinalActivation,
            description?.IsPiecewiseLinear,
            [.. (description?.Layers ?? []).Select(InspectedNode.Of)],
            description?.Foldable ?? [],
            description?.NotFoldable ?? [],
            loaded.Notes);
    }

    /// <summary>An input.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its element type, as ONNX names it.</param>
    /// <param name="Shape">Its sizes, those of examples among them; null for a free one, and where nothing is known.</param>
    public sealed record InspectedInput(string Name, string Type, IReadOnlyList<long?>? Shape)
    {
        internal static InspectedInput Of(Networks.ValueInfo input) => new(
            input.Name, input.Type.ToString().ToLowerInvariant(), input.Shape.IsDefault ? null : input.Shape);
    }

    /// <summary>A node.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Operator">Its operator.</param>
    /// <param name="OutputShape">The sizes of its output for one example; null where the input leaves them open.</param>
    /// <param name="Parameters">How many numbers are trained in it; what several nodes share counts at the first.</param>
    /// <param name="Linearity">How it bends as a function of the network's input.</param>
    public sealed record InspectedNode(
        string Name, string Operator, IReadOnlyList<long>? OutputShape, long Parameters, Networks.Linearity Linearity)
    {
        internal static InspectedNode Of(LayerDescription layer) => new(
            layer.Name, layer.Operator, layer.OutputShape.IsDefault ? null : layer.OutputShape, layer.Parameters, layer.Linearity);
    }
}
