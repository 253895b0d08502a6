using System.Collections.Immutable;
using Occam.Lab.Measuring;
using Occam.Networks.Loading;

namespace Occam.Lab.Inference;

/// <summary>What to compute of a network as it is, and from what.</summary>
public sealed record InferenceRequest
{
    /// <summary>The network's file.</summary>
    public required string Network { get; init; }

    /// <summary>The file of its inputs, <c>.npz</c> or <c>.npy</c>; null for a network without any.</summary>
    public string? Data { get; init; }

    /// <summary>Inputs that are one number everywhere, by name, in place of an array of the data.</summary>
    public ImmutableDictionary<string, double> Fixed { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>The values or nodes that are written; the model's outputs when there are none.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>The position that is taken of the first output, which is n × T × V; all of them when null.</summary>
    public PositionChoice? Position { get; init; }

    /// <summary>Whether the Jacobian of the first output that has one is written, too.</summary>
    public bool Jacobian { get; init; }

    /// <summary>The value or node that the Jacobian is by; the first floating-point input, or the word embedding, when null.</summary>
    public string? Input { get; init; }

    /// <summary>
    /// How many examples are computed at once, where the first axis of all inputs and outputs counts them; all of them when null.
    /// </summary>
    public int? Batch { get; init; }

    /// <summary>The precision; the network's own when null.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The device's name.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What is measured besides, whose values by example are written; null for nothing.</summary>
    public MeasuringRequest? Measuring { get; init; }

    /// <summary>The user's wish to stop.</summary>
    public CancellationToken Cancellation { get; init; }
}
