using System.Collections.Immutable;

namespace Occam.Networks.Loading;

/// <summary>Which function of a model is meant: of which value, and which of its outputs.</summary>
public sealed record FunctionChoice
{
    /// <summary>
    /// What a file says by itself: its first output, as a function of its first floating-point input or of its word embedding.
    /// </summary>
    public static FunctionChoice Default { get; } = new();

    /// <summary>The value or node whose output is the function's; the logits when null.</summary>
    public string? Output { get; init; }

    /// <summary>The input, value or node that the function is of; found by itself when null.</summary>
    public string? Input { get; init; }

    /// <summary>Which dimension of the input and of the output counts the examples; found by the file's names when null.</summary>
    public int? BatchAxis { get; init; }

    /// <summary>Inputs that are held at one number for all examples, by name.</summary>
    public ImmutableDictionary<string, double> Fixed { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Of an output with positions (n × T × V), which are taken; all when null.</summary>
    public PositionChoice? Position { get; init; }

    /// <summary>
    /// Whether derivatives pass straight through roundings and signs, as if they were the identity (a sign: between −1 and 1). The
    /// function's own derivatives are zero there; what is then measured is said in <see cref="LoadedNetwork.Notes"/>.
    /// </summary>
    public bool IsStraightThrough { get; init; }

    /// <summary>
    /// A safetensors file whose tensors take the places of the file's own by their names, all parameters among them; null for the file's
    /// own.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// Whether a TorchScript file may be run. It is a program, which can read and write what the process can, and whoever made it
    /// must be trusted; ONNX needs no trust, for it runs no code.
    /// </summary>
    public bool IsTrusted { get; init; }
}
