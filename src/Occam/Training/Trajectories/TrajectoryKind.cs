using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;

namespace Occam.Training.Trajectories;

/// <summary>Makes <see cref="Trajectory"/>, where the settings ask for it and the network has biases.</summary>
internal sealed class TrajectoryKind : StepObserverKind
{
    public override IStepObserver? TryMake(Network network, TrainingSettings settings, long stepsPerEpoch)
    {
        if (!settings.Trajectory || Biases(network, settings) is not [var firstBias, ..] biases)
        {
            return null;
        }

        var first = FirstWeights.Of(network);
        var stays = first?.Bias == firstBias && (first.Weight is null || settings.IsFrozen(first.Weight));
        return new Trajectory(biases, stays ? first : null, settings.Loss, settings.TrajectoryWindow ?? stepsPerEpoch);
    }

    // The stored biases that the output depends on, from the input on, frozen ones left out.
    private static ImmutableArray<string> Biases(Network network, TrainingSettings settings)
    {
        var trained = network.Parameters.Select(parameter => parameter.Name).Where(name => !settings.IsFrozen(name)).ToHashSet();
        return
        [
            .. network.ActiveNodes
                .SelectMany(node => node.Inputs.Where((name, i) => trained.Contains(name) && network.Operators[node].IsBias(i)))
                .Distinct(),
        ];
    }
}
