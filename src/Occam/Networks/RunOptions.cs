using Occam.Torch;

namespace Occam.Networks;

/// <summary>How a network is run.</summary>
public sealed record RunOptions
{
    /// <summary>Evaluation mode.</summary>
    public static RunOptions Evaluation { get; } = new();

    /// <summary>Training mode: batch normalization takes the batch's statistics, dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>
    /// Dropout as in Theorem 3 of Loukas et al. 2021: the forward pass is that of evaluation, and units are switched off
    /// at its end, with their probability and no rescaling, so that no gradient passes through them.
    /// </summary>
    public bool DropoutAfterForward { get; init; }

    /// <summary>Is told each value that a node computes, by name; what isn't kept anyway is let go afterwards.</summary>
    internal Action<string, Tensor>? Watch { get; init; }

    /// <summary>
    /// Values that are given and made anew for each node that takes them, and let go after it: null for what isn't among them. So what
    /// stands in place of large weights is in memory one at a time.
    /// </summary>
    internal Func<string, Tensor?>? Make { get; init; }

    /// <summary>Where dropout's random numbers come from.</summary>
    public Generator? Generator { get; init; }
}
