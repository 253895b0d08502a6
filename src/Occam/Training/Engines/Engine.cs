using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>Finds the engine for a training: the one door.</summary>
internal static class Engine
{
    public static IEngine For(Network network, TrainingSettings settings, Feed feed) =>
        DenseEngine.For(network, settings, feed) as IEngine ?? new TorchEngine(network, settings, feed);

    /// <summary>The names of the stored biases that the output depends on, from the input on, frozen ones left out.</summary>
    public static ImmutableArray<string> Biases(Network network, TrainingSettings settings)
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
