using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>A training with all measures of its network.</summary>
/// <param name="Norms">Its norms.</param>
/// <param name="Sharpness">Its sharpness.</param>
internal sealed record MeasuredTraining(NormValues Norms, SharpnessValues Sharpness) : NetworkMeasurement(Norms.Trained)
{
    /// <summary>Measures networks side by side.</summary>
    /// <returns>By level and seed, in whatever order they were trained.</returns>
    internal static ImmutableArray<MeasuredTraining> All(
        ExperimentContext context, IReadOnlyList<TrainedNetwork> trained, SharpnessSettings sharpness) =>
    [
        .. context.Replicate("measuring", trained, (network, replica) =>
                new MeasuredTraining(
                    NormValues.Measure(network, replica.Cancellation), SharpnessValues.Measure(network, sharpness, replica)))
            .OrderBy(run => run.Level).ThenBy(run => run.Seed),
    ];
}
