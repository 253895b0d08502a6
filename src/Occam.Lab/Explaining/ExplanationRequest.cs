using Occam.Lab.Experiments.Contract;
using Occam.Torch;

namespace Occam.Lab.Explaining;

/// <summary>How a run is to be explained.</summary>
public sealed record ExplanationRequest
{
    /// <summary>
    /// The examples on which complexity is measured: <c>train</c>, <c>test</c>, or data as <c>occam measure --data</c> takes them.
    /// </summary>
    public string Data { get; init; } = "train";

    /// <summary>At most so many of them, chosen at random.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The seed of that choice, of the batches, and of everything else random.</summary>
    public int Seed { get; init; }

    /// <summary>Random directions an example in place of an exact Jacobian; exact when left out.</summary>
    public int? Directions { get; init; }

    /// <summary>The run store, with whose runs it is compared; a run outside of it is compared with those beside it.</summary>
    public string Root { get; init; } = "runs";

    /// <summary>Where to compute.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Receives the progress.</summary>
    public IExperimentProgress? Progress { get; init; }

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; init; }
}
