using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>The biases whose trajectory is followed.</summary>
internal static class StoredBiases
{
    /// <summary>The names of the stored biases that the output depends on, from the input on, frozen ones left out.</summary>
    public static ImmutableArray<string> Of(Network network, TrainingSettings settings)
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
