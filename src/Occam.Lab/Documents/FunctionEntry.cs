using Occam.Lab.Measuring;

namespace Occam.Lab.Documents;

/// <summary>Which function of a model was measured.</summary>
/// <param name="Of">The input or inner value that it is a function of; null for TorchScript.</param>
/// <param name="LookedUpBy">The model's input that an inner value is computed from; null where <paramref name="Of"/> is an input.</param>
/// <param name="Held">The inputs that are held at each example's own values.</param>
/// <param name="OutputShape">The sizes of one example's output: classes, or positions and classes.</param>
public sealed record FunctionEntry(string? Of, string? LookedUpBy, IReadOnlyList<string> Held, IReadOnlyList<long> OutputShape)
{
    internal static FunctionEntry From(MeasuredNetwork measured) => new(
        measured.Graph?.Graph.Input.Name,
        measured.Loaded.Before?.Graph.Input.Name,
        [.. measured.Context.HeldNames],
        measured.Context.OutputShape);
}
