using Occam.Torch;

namespace Occam.Networks;

/// <summary>How a network is run.</summary>
public sealed record RunOptions
{
    /// <summary>Evaluation mode.</summary>
    public static RunOptions Evaluation { get; } = new();

    /// <summary>Training mode: batch normalization takes the batch's statistics, dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>Where dropout's random numbers come from.</summary>
    public Generator? Generator { get; init; }
}
