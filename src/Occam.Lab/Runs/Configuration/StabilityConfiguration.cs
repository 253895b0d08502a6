using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>When and on what it is measured how near a training is to the edge of stability.</summary>
public sealed record StabilityConfiguration
{
    /// <summary>When.</summary>
    public Cadence Every { get; init; } = Cadence.EveryEpochs(1);

    /// <summary>On so many of the training examples, chosen at random once; on all when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of the choice and of the search.</summary>
    public int Seed { get; init; }
}
