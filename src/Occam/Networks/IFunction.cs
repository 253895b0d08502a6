using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>A differentiable function of a batch of examples: all that many measures need to know of a network.</summary>
public interface IFunction
{
    /// <summary>The sizes of one example; null where any will do; default where nothing is known.</summary>
    ImmutableArray<long?> ExampleShape { get; }

    /// <summary>The type it computes in.</summary>
    ScalarType Type { get; }

    /// <summary>Where it computes.</summary>
    Device Device { get; }

    /// <summary>Whether tangents of forward-mode differentiation pass through it; else only reverse mode works.</summary>
    bool HasForwardMode => true;

    /// <summary>
    /// The function in evaluation mode: batch × example shape to batch × outputs (whatever dimensions the
    /// output has beyond the batch are flattened). Recorded for autograd where the input requires it.
    /// </summary>
    /// <exception cref="OccamException">The shape doesn't fit.</exception>
    Tensor Forward(Tensor input);
}
